"""The parts of the chassis that need no server."""
