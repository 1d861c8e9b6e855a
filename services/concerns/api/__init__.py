"""The HTTP routes of concerns."""

from fastapi import APIRouter

from services.concerns.api.candidates import router as candidates
from services.concerns.api.code_lists import router as code_lists
from services.concerns.api.corrections import router as corrections
from services.concerns.api.documents import router as documents
from services.concerns.api.imports import router as imports
from services.concerns.api.questions import router as questions
from services.concerns.api.retention import router as retention
from services.concerns.api.searches import router as searches
from services.concerns.api.underretninger import router as underretninger


def routers() -> list[APIRouter]:
    """Return all of them."""
    return [code_lists, imports, searches, candidates, underretninger, documents, questions, corrections, retention]
