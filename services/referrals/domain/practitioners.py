"""Mediators and advisers: who may be assigned, and which courses an adviser has passed first (O-6.6-06, O-6.7-01)."""

from collections.abc import Collection, Mapping

from contracts.codes import AuthorityKind, Office, Role
from contracts.refusal import Refusal
from services.referrals.domain.courses import CourseSeat

MANDATORY: Mapping[str, Mapping[str, str]] = {
    Role.MEDIATOR: {},
    Role.ADVISER: {
        "grundkursus": "grundkursus for offerrådgivere",
        "samtalen": "samtalen med offeret",
        "tavshedspligt": "tavshedspligt og anmeldelse",
    },
}
"""The courses before the first assignment, by role; which they are is a setting until the association says its own."""

KEEPERS: Mapping[str, CourseSeat] = {
    Role.MEDIATOR: CourseSeat(AuthorityKind.POLICE_UNIT, (Role.MEDIATION_COORDINATOR,), Office.KONFLIKTRAAD),
    Role.ADVISER: CourseSeat(AuthorityKind.ASSOCIATION, (Role.RECEIVER,), Office.OFFER),
}
"""Who keeps the list of each role."""


class NotCertified(Refusal):
    """An adviser has not passed every mandatory course."""

    slug = "not-certified"
    title = "Rådgiveren er ikke uddannet til det endnu."
    todo = "Vælg en anden, eller vent, til de kurser, der står i missing, er bestået."


class NotNeutral(Refusal):
    """Whoever would be assigned is one of the parties, or related to one."""

    slug = "not-neutral"
    title = "Personen kan ikke udpeges i denne sag."
    todo = "Vælg en anden. Grunden er personens egen og vises ikke."


class NoSuchCourse(Refusal):
    """It is none of the mandatory courses of the role."""

    slug = "no-such-course"
    status = 422
    title = "Kurset findes ikke for den rolle."
    todo = "Vælg et af de kurser, der står i courses."


class OnTheList(Refusal):
    """They are on the list."""

    slug = "on-the-list"
    title = "Personen står allerede på listen."
    todo = "Find personen på listen."


def missing(role: str, passed: Collection[str]) -> list[str]:
    """Return the names of the courses that are not passed yet."""
    return [name for code, name in MANDATORY[role].items() if code not in passed]


def check_course(role: str, course: str) -> None:
    """Refuse a course that is none of the role's.

    Raises:
        NoSuchCourse: it is not on the list.
    """
    if course not in MANDATORY[role]:
        raise NoSuchCourse(courses=", ".join(MANDATORY[role]))


def check_certified(role: str, passed: Collection[str]) -> None:
    """Refuse somebody who has not passed every course.

    Raises:
        NotCertified: one is missing.
    """
    if lacks := missing(role, passed):
        raise NotCertified(missing=", ".join(lacks))
