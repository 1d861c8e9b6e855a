"""The SQL of referrals: nothing is kept yet."""
