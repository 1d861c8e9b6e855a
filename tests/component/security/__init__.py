"""What the databases themselves refuse, whatever a statement says."""
