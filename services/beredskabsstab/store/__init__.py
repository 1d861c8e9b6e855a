"""The SQL of beredskabsstab: loading with the row locked, and saving."""
