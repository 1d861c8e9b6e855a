"""The chassis on a real broker and a real database, by the probe's two services."""
