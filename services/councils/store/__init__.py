"""The SQL of councils, one module a kind of thing; each function takes the transaction."""
