"""The published language of beredskabsstab."""
