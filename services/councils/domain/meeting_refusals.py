"""What councils' meetings refuse, and what can be done instead; `rule` and `paragraph` name where it stands."""

from contracts.refusal import Refusal


class MeetingNotInThisState(Refusal):
    """It is not at the point at which that can be done."""

    slug = "council-meeting-not-in-this-state"
    title = "Det kan ikke gøres, som mødet står nu."
    todo = "Se mødets tilstand i `state`: planlagt, indkaldt, holdt, referat udkast, referat godkendt, lukket."


class NotConvened(Refusal):
    """A meeting is held when notice and agenda were sent before it (O-2-07)."""

    slug = "council-meeting-not-convened"
    title = "Mødet kan ikke registreres som holdt: der er ikke sendt både indkaldelse og dagsorden."
    todo = "Send det, der er nævnt i `missing`, eller aflys mødet og planlæg et nyt."


class TimeNotAhead(Refusal):
    """Nobody is called to what has been, nor to what ends before it begins."""

    slug = "council-meeting-time-not-ahead"
    status = 422
    title = "Mødets tid ligger ikke fremme, eller det slutter, før det begynder."
    todo = "Vælg en begyndelse, som ikke er passeret, og en slutning samme døgn derefter."


class NotBegun(Refusal):
    """A meeting cannot have been held before it begins."""

    slug = "council-meeting-not-begun"
    title = "Mødet er ikke begyndt endnu."
    todo = "Registrér mødet som holdt, når det har været der."


class NoticeTooLate(Refusal):
    """The notice of an ordinary meeting goes out some days before it (14 in the councils' practice)."""

    slug = "council-notice-too-late"
    status = 422
    title = "Indkaldelsen kommer for sent: et ordinært møde indkaldes med varsel."
    todo = "Flyt mødet til tidligst `earliest`, eller planlæg et ekstraordinært møde med en begrundelse."


class AgendaTooLate(Refusal):
    """Agenda and papers of an ordinary meeting go out some days before it (7 in the councils' practice)."""

    slug = "council-agenda-too-late"
    status = 422
    title = "Dagsordenen kommer for sent: den sendes med bilag nogle dage før et ordinært møde."
    todo = "Flyt mødet, så der igen er tid, eller planlæg et ekstraordinært møde med en begrundelse."


class ReasonNeeded(Refusal):
    """An extraordinary meeting has a reason."""

    slug = "council-meeting-reason-needed"
    status = 422
    title = "Et ekstraordinært møde skal have en begrundelse."
    todo = "Skriv, hvorfor mødet ikke kan vente til det næste ordinære."


class TooFewMeetings(Refusal):
    """Each council plans at least four ordinary meetings a calendar year (O-2-07, L-29)."""

    slug = "too-few-meetings"
    status = 422
    title = "Året har for få ordinære møder: rådet mødes mindst fire gange om året."
    todo = "Planlæg også de møder, der mangler efter `missing`. Ekstraordinære møder tæller ikke med."


class OutsideTheYear(Refusal):
    """A meeting of a year wheel lies in its year."""

    slug = "meeting-outside-the-year"
    status = 422
    title = "Et møde ligger i et andet år end årshjulets."
    todo = "Ret mødets dag, eller læg det i det rigtige år."


class MandatoryPoint(Refusal):
    """A point that the plan's §4 puts on the agenda is decided, never left out."""

    slug = "mandatory-point-cannot-be-left-out"
    status = 422
    title = "Punktet er obligatorisk efter planen og kan ikke tages af dagsordenen."
    todo = "Behandl punktet på mødet; det kan besluttes eller udsættes til en dag, men ikke udelades."


class MandatoryPointMissing(Refusal):
    """An agenda holds every mandatory point that waits."""

    slug = "mandatory-point-missing"
    status = 422
    title = "Dagsordenen mangler et punkt, som planen kræver."
    todo = "Hent de ventende punkter ind på dagsordenen, og send den igen."


class AgendaMissing(Refusal):
    """An agenda is built before it is sent."""

    slug = "agenda-missing"
    status = 422
    title = "Mødet har ingen dagsorden endnu."
    todo = "Byg dagsordenen, og send den derefter."


class SammenhaengNeedsBoth(Refusal):
    """A point about the connection between both sides' work names a task of each (O-1-07)."""

    slug = "sammenhaeng-needs-both-tasks"
    status = 422
    title = "Et punkt om sammenhæng skal nævne både en politiopgave og en kommunal opgave."
    todo = "Skriv den opgave, der er nævnt i `missing`."


class OrderIncomplete(Refusal):
    """A new order names each point of the agenda once."""

    slug = "agenda-order-incomplete"
    status = 422
    title = "Rækkefølgen skal nævne hvert punkt på dagsordenen præcis én gang."
    todo = "Hent dagsordenen igen, og send alle dens punkter."


class NotASeat(Refusal):
    """Attendance is of the council's own seats, each once."""

    slug = "not-a-seat-of-the-council"
    status = 422
    title = "Fremmødet skal nævne rådets egne pladser, hver højst én gang, og mødelederen skal være til stede."
    todo = "Ret pladsen, der er nævnt i `seat`."


class NotQuorate(Refusal):
    """Without quorum a council discusses, but decides nothing."""

    slug = "council-not-quorate"
    title = "Rådet var ikke beslutningsdygtigt: det kan drøfte, men ikke beslutte."
    todo = "Udsæt punktet til en dag, eller tag det op på næste møde. Det, der manglede, står i `missing`."


class PublicAccessNotCarried(Refusal):
    """A meeting is opened to the public by a majority and the chair's assent (L-29, BEK 1426/2006)."""

    slug = "public-access-not-carried"
    status = 422
    title = "Mødet kan ikke åbnes: det kræver et flertal af medlemmerne og formandens samtykke."
    todo = "Hold mødet lukket, eller stem igen på et senere møde."


class PointsOpen(Refusal):
    """Minutes say what became of every point."""

    slug = "points-without-outcome"
    status = 422
    title = "Referatet kan ikke skrives endnu: et punkt mangler sit resultat."
    todo = "Skriv resultatet af de punkter, der er nævnt i `points`."


class OutcomeDoesNotFit(Refusal):
    """What became of a point says all that its kind needs, and no more."""

    slug = "outcome-does-not-fit"
    status = 422
    title = "Resultatet hænger ikke sammen: noget mangler, eller noget passer ikke til det."
    todo = "En beslutning har en tekst; et udsat punkt har en dag, der ligger efter mødet; andre har ingen af delene."


class PointTreated(Refusal):
    """A point is closed once; its words are corrected in the minutes."""

    slug = "point-treated-already"
    title = "Punktet er behandlet eller taget af dagsordenen."
    todo = "Ret teksten i referatet i stedet."


class MinutesAnsweredAlready(Refusal):
    """Whoever has answered a written round has answered it, and cannot undo it alone."""

    slug = "minutes-answered-already"
    title = "Du har allerede svaret på referatet, og svaret kan ikke fortrydes."
    todo = "Bed sekretariatet rette referatet; en ny udgave kan godkendes igen."


class RoundNotOpen(Refusal):
    """Members answer while a written round is open."""

    slug = "written-round-not-open"
    title = "Der er ingen skriftlig runde om referatet lige nu."
    todo = "Vent på den næste runde, eller sig det på næste møde."


class MinutesObjectedTo(Refusal):
    """What somebody objects to is corrected, or approved at the next meeting."""

    slug = "minutes-objected-to"
    title = "Der er en indsigelse mod referatet."
    todo = "Ret referatet og hold en ny runde, eller lad det næste møde godkende det."


class NoCalendar(Refusal):
    """Invitations have somebody who sends them and somebody who gets them."""

    slug = "council-calendar-missing"
    title = "Rådet har ingen afsender eller ingen modtagere af kalenderinvitationer, eller mødet er ikke indkaldt."
    todo = "Skriv afsender og modtagere, send indkaldelsen, og hent derefter invitationen."


class NotAReply(Refusal):
    """What is read back is an iTIP REPLY (RFC 5546) of one attendee to one meeting."""

    slug = "not-a-calendar-reply"
    status = 422
    title = "Filen er ikke et svar på en kalenderinvitation."
    todo = "Send den fil (.ics), som kalenderen sendte som svar, uændret."


class UnknownAttendee(Refusal):
    """Only who was invited answers."""

    slug = "unknown-attendee"
    status = 422
    title = "Svaret kommer fra en, der ikke er inviteret til mødet."
    todo = "Kontrollér adressen, eller tilføj modtageren og send en invitation."


class ReplyOutdated(Refusal):
    """An answer to an earlier invitation, or an earlier answer, says nothing about the present one."""

    slug = "calendar-reply-outdated"
    title = "Svaret gælder en tidligere udgave af invitationen, eller der er kommet et nyere svar."
    todo = "Bed den inviterede svare på den nyeste invitation."
