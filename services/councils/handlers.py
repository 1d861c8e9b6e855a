"""What councils reacts to: nothing yet. Its facts come from the secretariat, over HTTP."""
