"""Calls people in when nothing of Samvirke runs: it needs the signed call list and one provider of messages.

It knows the standard library, `cryptography` for the list's signature, and the domain of alerting with what that stands
on (pydantic): from there come the texts, the ids and the idempotency keys, so that Samvirke finds its own calls again.
"""
