"""Referrals owns programmes and their rules, consent, and every hand-over of a case to its end (plan §5.1, §6.1-6.8.1).

It hears who somebody is from persons. It tells sender and receiver what became of a referral: asked, received,
answered, begun, ended, withdrawn, run out. A rule says what the law allows and cites it; where something is unknown,
it says that a human decides.
"""
