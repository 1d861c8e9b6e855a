"""What the machine refuses, and what can be done instead."""

from contracts.refusal import Refusal


class NotInThisState(Refusal):
    """That side does such things, but not in this state."""

    slug = "not-in-this-state"
    title = "Det kan ikke gøres, som henvisningen står nu."
    todo = "Se i allowed, hvad I kan gøre nu. Hent henvisningen igen: andre kan have ændret den."


class NotYourAct(Refusal):
    """It is somebody else's to do."""

    slug = "not-your-act"
    status = 403
    title = "Det er ikke jer, der kan gøre det."
    todo = "Se i allowed, hvad I kan gøre nu, og i belongs_to, hvem der kan gøre det her."


class DetailMissing(Refusal):
    """What must come with the act did not."""

    slug = "detail-missing"
    status = 422
    title = "Der mangler noget."
    todo = "Udfyld det, der står i missing. Står der koder i codes, så vælg en af dem."


class NotDueYet(Refusal):
    """The deadline has not passed."""

    slug = "not-due-yet"
    title = "Fristen er ikke udløbet."
    todo = "Vent til det tidspunkt, der står i due."


class PassedOnTooOften(Refusal):
    """It has been passed on as often as it may be."""

    slug = "passed-on-too-often"
    title = "Henvisningen er sendt videre så mange gange, som den må."
    todo = "Tag imod den, eller afvis den med en grund, så afsenderen kan vælge en anden."


class NothingProposed(Refusal):
    """The sender has not asked to cancel."""

    slug = "nothing-proposed"
    title = "Afsenderen har ikke bedt om at annullere."
    todo = "Afslut forløbet med et resultat, eller vent på afsenderen."


class NothingToMinimise(Refusal):
    """The receiver has nothing of the person, or has confirmed it before."""

    slug = "nothing-to-minimise"
    title = "Der er intet at bekræfte sletning af."
    todo = "Hent henvisningen igen. Sletningen er bekræftet, eller I har aldrig modtaget noget."


class OneIsOpen(Refusal):
    """There is an open one for this person, programme and receiver; the words fit one that the reader may not see."""

    slug = "cannot-be-sent-now"
    title = "Henvisningen kan ikke sendes nu."
    todo = "Kontakt ordningens koordinator. Intet er sendt."


class SameReceiver(Refusal):
    """It would be passed on to where it comes from."""

    slug = "same-receiver"
    status = 422
    title = "Henvisningen ligger allerede hos den modtager."
    todo = "Vælg en anden modtager, eller tag selv imod den."


class AlreadySettled(Refusal):
    """Somebody has said before what became of it."""

    slug = "already-settled"
    title = "Der er allerede taget stilling til den udløbne henvisning."
    todo = "Se begrundelsen på henvisningen, eller lav en ny, der fortsætter den."
