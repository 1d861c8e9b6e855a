"""The published language of concerns: from registrations to an acknowledged underretning."""
