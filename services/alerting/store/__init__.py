"""The tables of alerting, as functions that take a transaction."""
