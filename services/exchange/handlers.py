"""What exchange does when it hears an event: nothing yet, it reacts to none."""
