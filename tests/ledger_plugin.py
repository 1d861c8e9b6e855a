"""A pytest plugin that writes down which ledger rows were proved by a passing test."""
