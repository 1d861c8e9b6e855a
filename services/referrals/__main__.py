"""Start the service: `python -m services.referrals`; only its rules stand yet."""
