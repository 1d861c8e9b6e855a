"""Audit owns the log of every use of personal data: one chain, checkpoints signed each day, and what follows from it.

It hears the accesses, refusals and closed days that every service tells, and merges of persons. It tells when a
checkpoint is signed, when a service's day does not add up, and when the 72 hours of a breach run out. It answers a
citizen's adviser, a leader and an adviser after a breach; and `python -m services.audit verify` says whether the log
still is what was told.
"""
