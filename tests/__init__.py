"""The tests: each carries the ledger rows that it proves."""
