"""What alerting tells: who was called, who answered, and whom nobody reached."""
