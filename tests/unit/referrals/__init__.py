"""The rules of referrals, without broker and database."""
