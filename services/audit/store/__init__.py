"""The SQL of audit, and the files that hold its keys."""
