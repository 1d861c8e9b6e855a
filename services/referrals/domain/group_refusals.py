"""What groups refuse, and what can be done instead; no word says anything about a case."""

from contracts.refusal import Refusal


class NotAParticipant(Refusal):
    """Somebody is named who does not take part."""

    slug = "not-a-participant"
    status = 422
    title = "En af dem, der er nævnt, hører ikke til her."
    todo = "Vælg blandt gruppens egne deltagere, og send igen."


class MeetingInThePast(Refusal):
    """Nobody is called to what has been."""

    slug = "meeting-in-the-past"
    status = 422
    title = "Tidspunktet ligger ikke fremme i tiden."
    todo = "Vælg et tidspunkt, som ikke er passeret."


class MeetingNotThere(Refusal):
    """It is not at the point at which that can be done."""

    slug = "meeting-not-in-this-state"
    title = "Det kan ikke gøres, som mødet står nu."
    todo = "Se mødets tilstand i state. Et møde åbnes, ledes og lukkes; et lukket eller aflyst møde ændres ikke."


class OutsideTheCircle(Refusal):
    """Somebody in the room may not hear it; who, and about what, is not said."""

    slug = "outside-the-circle-in-the-room"
    title = "Punktet kan ikke vises nu."
    todo = "Ret, hvem der er i lokalet, og prøv igen, eller gå til det næste punkt."


class NotOnTheAgenda(Refusal):
    """The case is not for this meeting."""

    slug = "not-on-the-agenda"
    title = "Sagen er ikke på mødets dagsorden."
    todo = "Tag den op på et møde, der har den på dagsordenen."


class FrequencyNeeded(Refusal):
    """This group meets regularly, by the plan."""

    slug = "frequency-needed"
    status = 422
    title = "Gruppen skal mødes jævnligt."
    todo = "Skriv i interval_days, hvor mange dage der højst må gå mellem to møder."


class NecessityMissing(Refusal):
    """Nothing is shared without saying why that is necessary."""

    slug = "necessity-missing"
    status = 422
    title = "Det er ikke skrevet, hvorfor det er nødvendigt at dele."
    todo = "Vælg en kode i necessity, og skriv i why, hvorfor. Intet er delt. I kan også svare »deler ikke«."


class ReasonMissing(Refusal):
    """It is not said why."""

    slug = "reason-missing"
    status = 422
    title = "Begrundelsen mangler."
    todo = "Skriv i text, hvorfor operativgruppen ikke selv kan løfte sagen. Intet er sendt."


class CannotBeEscalated(Refusal):
    """There is no group above."""

    slug = "cannot-be-escalated"
    title = "Sager herfra kan ikke eskaleres."
    todo = "Kun en PSP-operativgruppe eskalerer, og kun til visitations- og koordinationsgruppen."


class CaseEnded(Refusal):
    """The referral has ended, and the group's work with it."""

    slug = "group-case-ended"
    title = "Sagen er afsluttet."
    todo = "En ny henvisning kan tage den op igen."


class AlreadyDone(Refusal):
    """It is done, or answered, or removed before."""

    slug = "already-done"
    title = "Det er gjort før."
    todo = "Hent sagen igen, og se, hvad der står."


class OnlyWhenDrawnIn(Refusal):
    """Self-governing institutions take part where § 115, stk. 3 draws them in, and nowhere else (L-04)."""

    slug = "only-when-drawn-in"
    status = 422
    title = "En selvejende institution kan kun inddrages efter retsplejelovens § 115, stk. 3."
    todo = "Skriv retsplejeloven-115-stk-3 i basis, hvis den er inddraget i samarbejdet. Intet er delt."


class PrivateNeedsConsent(Refusal):
    """A private actor takes part by the person's consent."""

    slug = "private-needs-consent"
    status = 422
    title = "En privat aktør kan kun inddrages med personens samtykke."
    todo = "Indhent samtykket, og skriv dets id i consent_id. Intet er delt."
