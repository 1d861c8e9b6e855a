"""What persons does about events: nothing yet. It hears nobody."""
