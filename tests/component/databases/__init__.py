"""What holds for the databases of all services."""
