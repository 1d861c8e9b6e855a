"""All courses, read from `data/courses/` and proved: the one way to a definition that may be used."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from contracts.refusal import NotFound
from services.referrals.domain.course_proof import load
from services.referrals.domain.courses import CourseFault, Definition


@cache
def coursebook() -> Mapping[str, Definition]:
    """Return every definition by its kind.

    Raises:
        CourseFault: one of them does not hold, and none is used.
    """
    folder = files("services.referrals.domain") / "data" / "courses"
    found: dict[str, Definition] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        of = load(tomllib.loads(file.read_text(encoding="utf-8")))
        if of.kind in found:
            raise CourseFault(f"{of.kind}: to forløb hedder det samme")
        found[of.kind] = of
    _needs_are_there(found)
    return found


def _needs_are_there(found: Mapping[str, Definition]) -> None:
    for of in found.values():
        for need in of.needs:
            kind, _, end = need.partition(":")
            if kind not in found or end not in found[kind].ends:
                raise CourseFault(f"{of.kind}: kræver {need}, som ikke findes")


def source_words(programme: str, code: str) -> str:
    """Return in Danish how something began, as the opening of a course of the programme calls it."""
    openings = [of.opening.fields for of in coursebook().values() if of.programme.code == programme]
    found = [
        fields["source"].codes[code] for fields in openings if "source" in fields and code in fields["source"].codes
    ]
    return found[0] if found else code


def definition(kind: str) -> Definition:
    """Return one definition.

    Raises:
        NotFound: there is none of that kind.
    """
    if kind not in coursebook():
        raise NotFound
    return coursebook()[kind]
