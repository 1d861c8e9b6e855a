"""Keycloak in the place of the stand-in that signs people in: its realm is written from what the stand-in knows."""
