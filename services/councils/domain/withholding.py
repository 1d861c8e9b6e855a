"""The chief of police may keep information from the kredsraad for weighty reasons, until it is released (L-29)."""

from contracts.refusal import Refusal


class WithheldAlready(Refusal):
    """Information on a point is withheld once at a time."""

    slug = "withheld-already"
    title = "Der holdes allerede oplysninger tilbage på punktet."
    todo = "Frigiv dem først, hvis grunden er en anden."


class NothingWithheld(Refusal):
    """There is nothing to release."""

    slug = "nothing-withheld"
    title = "Der holdes ingen oplysninger tilbage på punktet."
    todo = "Hent mødet igen, og se punktet, som det står nu."
