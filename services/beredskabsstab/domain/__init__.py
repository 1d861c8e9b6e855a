"""The rules of the staff: pure, and the same whoever asks."""
