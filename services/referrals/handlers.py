"""What referrals reacts to: nothing yet."""
