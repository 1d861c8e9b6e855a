"""Seat the demonstration's members on the lokalraad, each with a mail address, so that a notice really leaves by mail.

Nobody of them exists. Addresses are of `.example` (RFC 2606), which only the stand-in mail server takes. The two of
Herning's council are people of the demonstration who can sign in; the others stand for an office and have no login.
"""

from typing import Any

import httpx

from contracts.codes import municipalities, municipality_authority

POLICE = "politi-mvj"
SINCE = "2026-01-01"
CHIEF, ADVISER = "lokalpolitichef", "SSP-konsulent"
HERNING = "0657"
OF_HERNING = (
    {"holder": "Rikke Dam", "email": "rikke.dam@politi.example", "subject": "rikke-dam"},
    {"holder": "Jens Birk", "email": "jens.birk@kommune-0657.example", "subject": "jens-birk"},
)


def members_of(kommunekode: str) -> list[dict[str, Any]]:
    """Return who sits on a municipality's lokalraad, of either side one."""
    police, local = OF_HERNING if kommunekode == HERNING else _of_office(kommunekode)
    return [
        {"authority": POLICE, "function": CHIEF, "valid_from": SINCE} | police,
        {"authority": municipality_authority(kommunekode), "function": ADVISER, "valid_from": SINCE} | local,
    ]


def _of_office(kommunekode: str) -> tuple[dict[str, str], dict[str, str]]:
    name = municipalities()[kommunekode].name
    return (
        {"holder": f"Lokalpolitichefen i {name}", "email": f"lokalpoliti-{kommunekode}@politi.example"},
        {"holder": f"SSP-konsulenten i {name}", "email": f"ssp@kommune-{kommunekode}.example"},
    )


def without_members(secretary: httpx.Client) -> list[tuple[str, str]]:
    """Return the lokalraad on which nobody was ever seated, by id and municipality: what is entered is left alone."""
    bodies = secretary.get("/bodies").raise_for_status().json()["bodies"]
    local = [(one["body_id"], one["kommunekode"]) for one in bodies if one["kommunekode"]]
    return [one for one in local if not secretary.get(f"/bodies/{one[0]}/members").raise_for_status().json()["members"]]
