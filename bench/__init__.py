"""What `make bench` runs: each figure is a ratio taken in one run, never a time by itself."""
