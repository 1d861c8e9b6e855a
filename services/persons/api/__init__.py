"""The HTTP of persons: for services only."""

from services.persons.api import households, people, reading

ROUTERS = [people.router, reading.router, households.router]
"""All routes of the service."""
