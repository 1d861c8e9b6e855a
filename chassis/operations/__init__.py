"""What operators do from a command line: list, release and skip parked messages, tell a case's story, publish again."""
