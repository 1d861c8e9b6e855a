"""The wiring of referrals: nothing is wired yet, only its rules stand."""
