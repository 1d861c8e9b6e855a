"""Referrals as the process that it is everywhere."""
