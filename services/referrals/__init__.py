"""The referrals service: who is referred to which programme of the plan, and how every referral ends (plan §5.1, §6).

Owns charges that call for an offer, consents, and referrals from the request to their end; programmes and their rules
are data. Hears `PersonMerged` and `PersonShredded`. Tells what was offered, consented, requested, received, accepted,
rejected, contacted, completed, failed, cancelled, withdrawn and expired. See docs/architecture/referrals.md.
"""
