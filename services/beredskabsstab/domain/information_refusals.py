"""What the line of information products refuses, and what somebody can do then."""

from contracts.refusal import Refusal


class SelfApproval(Refusal):
    """Whoever wrote any of it would approve it."""

    slug = "self-approval"
    status = 403
    title = "Du kan ikke godkende en meddelelse, som du selv har skrevet i."
    todo = "Bed en anden med politiets mandat om at godkende den. Intet er udsendt."


class PoliceMandateNeeded(Refusal):
    """Somebody without the mandate of the police would decide about it."""

    slug = "police-mandate-needed"
    status = 403
    title = "Kun politiet kan afgøre, om en meddelelse sendes ud."
    todo = "Bed en med politiets mandat om det. Din myndighed kan skrive meddelelser og klarere sit eget område."


class ChairNeeded(Refusal):
    """Only the chair of the staff, who is of the police, may do it."""

    slug = "chair-needed"
    status = 403
    title = "Det kan kun stabens leder fra politiet."
    todo = "Bed stabens leder eller dennes stedfortræder om det."


class NotYourMessage(Refusal):
    """It is another authority's draft."""

    slug = "not-your-message"
    status = 403
    title = "Meddelelsen er skrevet af en anden myndighed."
    todo = "Bed den myndighed, der har skrevet den, om at rette den, eller skriv en ny."


class NotYourSector(Refusal):
    """An authority answers for a sector that is not its own, or that the message does not touch."""

    slug = "not-your-sector"
    status = 403
    title = "Meddelelsen venter ikke på din myndigheds klarering."
    todo = "Hver berørt myndighed klarerer for sit eget område, og kun den kan gøre det."


class SectorNotCleared(Refusal):
    """An affected sector has not cleared it."""

    slug = "sector-not-cleared"
    title = "En berørt myndighed har ikke klareret meddelelsen."
    todo = "Vent på dem, der nævnes i missing; stabens leder kan med en begrundelse gå videre uden dem."


class InformationWrongState(Refusal):
    """What was asked for does not fit where the message is."""

    slug = "information-wrong-state"
    title = "Det kan ikke lade sig gøre, sådan som meddelelsen står nu."
    todo = "Hent meddelelsen igen: state siger, hvor den er."


class ReasonNeeded(Refusal):
    """Something that must be answered for came without a reason."""

    slug = "reason-needed"
    status = 422
    title = "Der mangler en begrundelse."
    todo = "Skriv kort hvorfor. Begrundelsen gemmes i loggen."


class ApproverHasTime(Refusal):
    """The chair would publish alone before the approver had the time that the plan gives."""

    slug = "approver-has-time"
    title = "Godkenderen har stadig tid til at svare."
    todo = "Vent det antal sekunder, som seconds_left siger, eller få en anden med politiets mandat til at godkende."


class LegalQuestionOpen(Refusal):
    """Something goes to the population and nobody has said whether it is acute and endangers many lives."""

    slug = "legal-question-open"
    status = 422
    title = "Svar først: Er det akut og livstruende for et større antal mennesker?"
    todo = "Svar ja eller nej. Kun ved ja kan det blive et varsel til befolkningen."


class NotAWarning(Refusal):
    """A public warning of what is not acute and life-threatening for many, or not for the population."""

    slug = "not-a-warning"
    status = 422
    title = "Det kan ikke udsendes som et varsel til befolkningen."
    todo = "Send det som almindelig presseinformation. Et varsel kræver, at det er akut og livstruende for mange."


class NothingSaid(Refusal):
    """A message without words, without readers, or a warning without its facts."""

    slug = "nothing-said"
    status = 422
    title = "Meddelelsen mangler tekst eller modtagere."
    todo = "Udfyld overskrift, tekst og målgruppe, og for et varsel også område, alvor og udløb."


class AlreadyExpired(Refusal):
    """It would go out after its own end."""

    slug = "already-expired"
    title = "Meddelelsens udløb er passeret."
    todo = "Ret udløbstidspunktet, og få den godkendt igen. Intet er udsendt."


class NotSent(Refusal):
    """A correction of what was never sent, or is no longer in force."""

    slug = "not-sent"
    title = "Kun det, der er udsendt og stadig gælder, kan opdateres eller annulleres."
    todo = "Ret den nyeste udsendte meddelelse. En kladde rettes, den opdateres ikke."


class UnusableRecord(Refusal):
    """The record of a warning lacks channel or receipt, lies in the future, or is there already."""

    slug = "unusable-record"
    status = 422
    title = "Registreringen af varslingen kan ikke bruges."
    todo = "Angiv kanal, tidspunkt (ikke i fremtiden) og kvittering. Hver kanal registreres én gang."


class WrongHoles(Refusal):
    """A text that was approved beforehand was filled in with something else than its open places."""

    slug = "wrong-holes"
    status = 422
    title = "Den forhåndsgodkendte tekst er ikke udfyldt rigtigt."
    todo = "Udfyld netop de felter, der nævnes i expected, kort og på én linje."


class StandardExpired(Refusal):
    """A text that was approved beforehand is used after its approval ended, or before it was given."""

    slug = "standard-expired"
    title = "Teksten er ikke længere forhåndsgodkendt."
    todo = "Skriv meddelelsen selv, og få den klareret af de berørte myndigheder."


class InformationChanged(Refusal):
    """Somebody decides about a message that is not any more as they have read it."""

    slug = "information-changed"
    title = "Meddelelsen er ændret, siden du læste den."
    todo = "Læs den igen, og afgør det på ny. Intet er udsendt."


class SectorNotInStaff(Refusal):
    """A message is said to touch an authority that is not in the staff."""

    slug = "sector-not-in-staff"
    status = 422
    title = "En af de berørte myndigheder er ikke med i staben."
    todo = "Vælg blandt stabens myndigheder, eller ring til dem, der ikke er med."
