"""HTTP: the secretariat's commands in, published plans and councils out."""

from fastapi import APIRouter

from services.councils.api import public, secretariat


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    return [secretariat.router, public.router]
