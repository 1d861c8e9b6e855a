"""A stand-in for providers of SMS, voice, e-mail, push and webhooks, with a ledger of all that it took.

It can be told to be slow, to refuse, to hang, to accept and lose, or to lose its answers, and it plays people's phones.
It sends nothing to anybody: it calls back on this machine, and that is all.
"""
