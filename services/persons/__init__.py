"""The persons service: the only place where a citizen's CPR number, name or address stands.

Owns the opaque person ids, the numbers and free texts behind them (sealed under one key a person) and the merging of
ids. Asks the national register who belongs to a household, and answers by ids. Shreds whom nobody needs any more by
destroying the key. Hears `PersonsReleased`, and after a restore its own `PersonShredded`. Tells `PersonMerged`,
`PersonShredded`, and `AccessRecorded` for what it has disclosed. See docs/architecture/persons.md.
"""
