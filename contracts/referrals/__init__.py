"""The published language of referrals: from an offer, or a request, to an outcome."""
