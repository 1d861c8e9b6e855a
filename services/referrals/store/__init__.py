"""The tables of referrals: SQL as functions of a transaction."""
