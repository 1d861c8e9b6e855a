"""What holds for the code as a whole and no linter knows."""
