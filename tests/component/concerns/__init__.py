"""Component tests of concerns."""
