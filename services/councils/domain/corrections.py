"""Other words that a member wants in the minutes: proposed while they are a draft, and answered before they stand."""

from contracts.refusal import Refusal


class NothingIsCorrected(Refusal):
    """The proposal says what stands there already."""

    slug = "nothing-is-corrected"
    status = 422
    title = "Forslaget siger det samme, som allerede står i referatet."
    todo = "Ret ordene i feltet, og send igen. Intet er gemt."


class ProposedAlready(Refusal):
    """One member has one proposal about a point at a time."""

    slug = "correction-proposed-already"
    title = "Du har allerede foreslået en rettelse af punktet, som ikke er besvaret endnu."
    todo = "Vent på sekretariatets svar, eller skriv til sekretariatet."


class AnotherEdition(Refusal):
    """The words were changed after somebody had read them."""

    slug = "minutes-another-edition"
    title = "Referatet er rettet, siden du læste det."
    todo = "Læs punktet, som det står nu, og foreslå rettelsen igen, hvis den stadig skal til."


class PointCorrectedSince(Refusal):
    """The point has got other words since the correction was proposed: to take it over would undo them."""

    slug = "point-corrected-since"
    title = "Punktet er rettet, efter at forslaget blev stillet, så forslaget kan ikke overtages, som det er."
    todo = "Ret punktet selv, og svar på forslaget ved at afvise det med en begrundelse."


class CorrectionIsAnswered(Refusal):
    """A proposal gets one answer."""

    slug = "correction-is-answered"
    title = "Forslaget er allerede besvaret."
    todo = "Se svaret ved referatet."


class CorrectionsOpen(Refusal):
    """Minutes are approved when each proposed correction has its answer."""

    slug = "corrections-open"
    title = "Referatet kan ikke godkendes endnu: der er rettelsesforslag, som ikke er besvaret."
    todo = "Besvar dem ved mødet, som referatet handler om, og prøv igen."


class AnswerNeedsReason(Refusal):
    """Who refuses a correction says why."""

    slug = "correction-answer-needs-reason"
    status = 422
    title = "Skriv, hvorfor rettelsen afvises."
    todo = "Skriv begrundelsen i feltet, og send igen. Intet er gemt."
