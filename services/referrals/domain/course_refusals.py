"""What a course refuses, and what can be done instead."""

from contracts.refusal import Refusal


class StepNotHere(Refusal):
    """Somebody takes such steps, but not where the course is now."""

    slug = "step-not-here"
    title = "Det skridt kan ikke tages, som forløbet står nu."
    todo = "Se i allowed, hvad I kan gøre nu. Hent forløbet igen: andre kan have ændret det."


class NotYourStep(Refusal):
    """It is somebody else's to take."""

    slug = "not-your-step"
    status = 403
    title = "Det er ikke jer, der kan tage det skridt."
    todo = "Se i allowed, hvad I kan gøre nu."


class StepNotReady(Refusal):
    """Something that must be there first is not."""

    slug = "step-not-ready"
    title = "Der mangler noget, før det skridt kan tages."
    todo = "Sørg for det, der står i missing, og prøv igen. Intet er gemt."


class GateClosed(Refusal):
    """The programme's rule does not say yes."""

    slug = "gate-closed"
    title = "Reglen siger ikke ja."
    todo = "Se i gate og says, hvad der mangler, og i hjemmel, hvor det står."


class SaidWrongly(Refusal):
    """What was said does not fit the step."""

    slug = "said-wrongly"
    status = 422
    title = "Noget af det, der er skrevet, passer ikke."
    todo = "Ret det felt, der står i field. Står der koder i codes, så vælg en af dem."


class PersonNamed(Refusal):
    """Nobody may be named here."""

    slug = "person-named"
    status = 422
    title = "Her må ingen person nævnes."
    todo = "Fjern det, der ligner et CPR-nummer eller peger på en person, fra det felt, der står i field."


class CourseStopped(Refusal):
    """The referral has ended, or a consent was withdrawn: nothing more is shared."""

    slug = "course-stopped"
    title = "Forløbet er stoppet."
    todo = "Se på henvisningen, hvordan den sluttede. Der kan intet mere deles i forløbet."


class CourseThere(Refusal):
    """There is one already."""

    slug = "course-there"
    title = "Forløbet er åbnet."
    todo = "Find det på listen over forløb. Et forløb åbnes en gang."


class CourseNotYet(Refusal):
    """The referral is not where the course can be opened."""

    slug = "course-not-yet"
    title = "Forløbet kan ikke åbnes, som henvisningen står nu."
    todo = "Se i allowed, hvordan henvisningen skal stå."


class NobodyHere(Refusal):
    """The authority has no place in the course."""

    slug = "no-such-seat"
    status = 422
    title = "Myndigheden har ingen plads i forløbet."
    todo = "Se i authority, hvem det er, og vælg en myndighed og et kontor, som ordningen har."


class OutsideAge(Refusal):
    """The age is another programme's."""

    slug = "outside-age"
    status = 422
    title = "Personen har ikke den alder, som forløbet er for."
    todo = "Kontrollér alderen. Står der en ordning i points_to, så brug den i stedet."
