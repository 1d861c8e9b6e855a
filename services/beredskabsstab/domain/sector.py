"""Each sector and authority takes part with its own competence (sektoransvar; plan §5.3, lines 432 to 436)."""

from contracts.refusal import Refusal
from services.beredskabsstab.domain.plan import Party, Plan


class NotYourSector(Refusal):
    """Only the sector's own authority does that."""

    slug = "not-your-sector"
    status = 403
    title = "Det afgør sektorens egen myndighed."
    todo = "Bed myndigheden om det. Staben kan spørge, ikke beordre."


class NotInStaff(Refusal):
    """The authority is no party of the activation."""

    slug = "not-in-staff"
    status = 422
    title = "Myndigheden er ikke med i staben."
    todo = "Vælg en myndighed, der står i aktiveringens rammeplan."


def answers_for(plan: Plan, mine: str, theirs: str) -> bool:
    """Say whether somebody's authority answers for another one: it is the same, or both are the police's own."""
    return mine == theirs or {mine, theirs} <= {plan.chair, plan.desk}


def require_own(plan: Plan, mine: str, theirs: str) -> None:
    """Refuse whoever does not answer for an authority."""
    if not answers_for(plan, mine, theirs):
        raise NotYourSector


def party_of(plan: Plan, authority: str) -> Party:
    """Return an authority's part of the plan; the chair stands in it with the desk."""
    party = plan.party(authority) or (plan.party(plan.desk) if authority == plan.chair else None)
    if party is None:
        raise NotInStaff
    return party
