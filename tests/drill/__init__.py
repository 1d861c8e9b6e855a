"""Drills: a server is lost and restored, releases run together, and what became of it is reckoned."""
