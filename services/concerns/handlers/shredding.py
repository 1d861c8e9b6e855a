"""Deleting what concerns holds of a person whose key is destroyed."""

from chassis.database import Tx
from chassis.erasure import Why
from chassis.inbox import reacts_to
from contracts.event import Envelope
from contracts.persons.v1 import PersonShredded
from services.concerns.handlers import erasing
from services.concerns.store import retention

SHREDDED = Why("person-shredded", "Retshåndhævelsesloven § 17")


@reacts_to(PersonShredded)
async def forget_the_person(event: PersonShredded, _: Envelope, tx: Tx) -> None:
    """Erase what is about the person, and what is said of it where it is about others; tombstones stay."""
    person = event.person_id
    for underretning_id, case_id in await retention.underretninger_about(tx, person):
        await erasing.erase_underretning(tx, underretning_id, case_id, SHREDDED)
    for candidate_id, case_id in await retention.candidates_about(tx, person):
        await erasing.erase_candidate(tx, candidate_id, case_id, SHREDDED)
    names = await retention.registrations_of(tx, person)
    if names:
        await erasing.erase_registrations(tx, names, SHREDDED)
    await retention.forget(tx, person, names)
