"""The checker of the fifth layer: what became of each referral, to both of its sides. Pure; knows no server."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ENDED = frozenset(
    {"completed", "failed", "rejected", "cancelled", "withdrawn", "expired", "entered_in_error"},
)
SAYS: Mapping[str, str] = {
    "ReferralCompleted": "completed",
    "ReferralFailed": "failed",
    "ReferralRejected": "rejected",
    "ReferralCancelled": "cancelled",
    "ReferralWithdrawn": "withdrawn",
    "MinimisationConfirmed": "withdrawn",
    "ReferralSettled": "expired",
}
"""Which state the last event of an ended referral says, and no other event may be the last."""


@dataclass(frozen=True, slots=True)
class Row:
    """One referral as the service has it when all is quiet."""

    id: str
    state: str
    version: int
    minimisation_due: bool
    settled: bool
    senders: str = ""
    """The mailbox of its sender, where that is expected to have a copy of all that is told of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a referral, in the history or on a topic."""

    id: str
    referral: str
    name: str
    version: int
    mailboxes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Race:
    """Several acts on one referral, begun at one version at once."""

    referral: str
    acts: tuple[str, ...]
    won: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferralEvidence:
    """Everything that was found when all was quiet again."""

    rows: Sequence[Row] = ()
    history: Sequence[Told] = ()
    topic: frozenset[str] = frozenset()
    """Ids of the events that the domain topic holds."""
    copies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By mailbox: ids of the events that it holds."""
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By referral: the states that its sides are answered."""
    races: Sequence[Race] = ()
    parked: int = 0
    late: int = 0
    """Open ones without a deadline, counted while the work went on."""


def check_referrals(found: ReferralEvidence) -> list[str]:
    """Return what is wrong, a sentence each."""
    told = defaultdict(list)
    for event in found.history:
        told[event.referral].append(event)
    wrong = [*_races(found.races), *_places(found)]
    for row in found.rows:
        wrong += _history(row, sorted(told[row.id], key=lambda one: one.version))
        wrong += [
            f"{event.name} of {row.id} has no copy for its sender"
            for event in told[row.id]
            if row.senders and row.senders not in event.mailboxes
        ]
        if found.seen.get(row.id, frozenset({row.state})) != {row.state}:
            wrong.append(f"{row.id} is {row.state}, and its sides are told {sorted(found.seen[row.id])}")
    wrong += [f"{found.parked} messages are parked"] if found.parked else []
    wrong += [f"{found.late} open referrals had no deadline"] if found.late else []
    return wrong


def without_end(found: ReferralEvidence) -> int:
    """Return how many have not come to exactly one end that somebody answers for."""
    return sum(
        row.state not in ENDED or row.minimisation_due or (row.state == "expired" and not row.settled)
        for row in found.rows
    )


def _races(races: Iterable[Race]) -> list[str]:
    return [f"{race.referral}: of {race.acts} won {race.won}" for race in races if len(race.won) != 1]


def _places(found: ReferralEvidence) -> list[str]:
    lost = [
        f"{event.name} of {event.referral} is on no topic" for event in found.history if event.id not in found.topic
    ]
    for event in found.history:
        lost += [
            f"{event.name} of {event.referral} is not in {mailbox}"
            for mailbox in event.mailboxes
            if event.id not in found.copies.get(mailbox, frozenset())
        ]
    ghosts = found.topic - {event.id for event in found.history}
    return lost + [f"{one} is on the topic and was never told" for one in ghosts]


def _history(row: Row, told: Sequence[Told]) -> list[str]:
    wrong = []
    if [one.version for one in told] != list(range(1, row.version + 1)):
        wrong.append(f"{row.id} has version {row.version} and tells {[one.version for one in told]}")
    if row.state in ENDED and (not told or SAYS.get(told[-1].name) != row.state):
        wrong.append(f"{row.id} is {row.state} and last tells {told[-1].name if told else 'nothing'}")
    ends = [
        one.name for one in told if one.name in SAYS and one.name not in {"MinimisationConfirmed", "ReferralSettled"}
    ]
    if len(ends) > 1:
        wrong.append(f"{row.id} ended more than once: {ends}")
    return wrong
