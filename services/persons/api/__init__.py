"""The HTTP of persons: for services only."""

from services.persons.api import document_keys, households, kinship, people, reading, shredding

ROUTERS = [
    people.router,
    reading.router,
    households.router,
    document_keys.router,
    kinship.router,
    shredding.router,
]
"""All routes of the service."""
