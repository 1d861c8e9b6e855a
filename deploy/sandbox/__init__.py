"""Stand-ins for the systems outside: a demonstration and the tests need them, no installation does."""
