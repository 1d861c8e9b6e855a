"""The published language of audit: what was done with personal data."""
