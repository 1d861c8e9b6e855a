"""The SQL of concerns and its question to persons, by aggregate."""
