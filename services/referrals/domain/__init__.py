"""The rules of referrals: who is admitted where, by which paragraph, and how a hand-over goes to its end."""
