"""The local identity provider: OIDC for a demonstration, with test people and systems from `people.toml`.

It gives the same claims as a real one would, and refuses to start outside a demonstration. Owns no data.
"""
