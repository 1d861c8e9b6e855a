"""The rules of the weekly search: state, facts and time in; candidates, events or a refusal out. No I/O here.

The conventions C1 to C28 and the decisions D1 to D24 that these files name are those of
`tests/cases/socialsoeg/README.md`.
"""
