"""How a lokalraad's plan is refused, each by the rule and the paragraph of the plan that says so."""

from contracts.refusal import Refusal


class LocalPlanExists(Refusal):
    """There is one plan for a lokalraad and a year (O-2-08)."""

    slug = "local-plan-exists"
    title = "Lokalrådet har allerede en plan for året (regel O-2-08, planens § 2)."
    todo = "Arbejd videre på den plan, der findes."


class YearNotOpen(Refusal):
    """A local plan is written in the year before its own, or at the latest in its own (O-2-08)."""

    slug = "year-not-open"
    title = "En lokal plan skrives i året før det år, den gælder (regel O-2-08, planens § 2)."
    todo = "Vælg det kommende år, eller i år, hvis planen er forsinket."


class KredsraadPlanMissing(Refusal):
    """A local plan belongs to the kredsraad's plan of the same year (O-0-01)."""

    slug = "kredsraad-plan-missing"
    status = 422
    title = "Den lokale plan skal høre til kredsrådets plan for samme år (regel O-0-01)."
    todo = "Skriv id'et på kredsrådets plan for samme år i `plan_id`."


class LocalYearDoesNotMatch(Refusal):
    """The document is for another year than the local plan."""

    slug = "local-year-does-not-match"
    status = 422
    title = "Dokumentets år er et andet end den lokale plans."
    todo = "Ret dokumentets år."


class WorkAreaMissing(Refusal):
    """A local plan describes at least one area of work (O-2-08)."""

    slug = "work-area-missing"
    status = 422
    title = "Planen skal beskrive mindst ét arbejdsområde (regel O-2-08, planens § 2)."
    todo = "Beskriv, hvad lokalrådet vil arbejde med i det kommende år."


class NotCarriedOut(Refusal):
    """A decision or a focus area has no initiative and no reasoned exemption (O-2-09)."""

    slug = "not-carried-out"
    status = 422
    title = (
        "Kredsrådets beslutninger og egne fokusområder skal udmøntes i lokale indsatser (regel O-2-09, planens § 2)."
    )
    todo = "Knyt en lokal indsats til det, der er nævnt i `missing`, eller skriv, hvorfor der ingen er."


class InitiativeUnknown(Refusal):
    """A plan names an initiative that its lokalraad does not have (O-2-09)."""

    slug = "initiative-unknown"
    status = 422
    title = "Planen nævner en indsats, som lokalrådet ikke har (regel O-2-09, planens § 2)."
    todo = "Opret den indsats, der er nævnt i `missing`, eller vælg en af lokalrådets egne."


class WrongLocalState(Refusal):
    """The local plan is not where this step begins."""

    slug = "wrong-local-state"
    title = "Den lokale plan er ikke nået til dette skridt, eller skridtet er taget."
    todo = "Se planens tilstand i `state`: den går fra draft over submitted og approved til published."


class ApprovedAnotherText(Refusal):
    """The approval is of a text with another checksum."""

    slug = "approved-another-text"
    title = "Godkendelsen gælder en anden tekst end den, der ligger til godkendelse."
    todo = "Hent planen igen, læs den, og godkend den tekst, der ligger nu."


class OnePersonBothSides(Refusal):
    """Police and municipality are not approved for by one person (O-2-10)."""

    slug = "one-person-both-sides"
    title = "Den samme person kan ikke godkende for både politi og kommune (regel O-2-10, planens § 2)."
    todo = "Bed en anden på den side, der mangler, om at godkende."


class NotAParty(Refusal):
    """Only those who sit on a lokalraad approve its plan (O-2-10)."""

    slug = "not-a-party"
    status = 403
    title = "Din myndighed sidder ikke i lokalrådet og godkender ikke dets plan (regel O-2-10, planens § 2)."
    todo = "Bed en, der må godkende for politiet eller kommunen."


class ApprovalMissing(Refusal):
    """A local plan is published when both police and municipality have approved it (O-2-10)."""

    slug = "approval-missing"
    title = "Planen mangler godkendelse fra politi eller kommune (regel O-2-10, planens § 2)."
    todo = "Få planen godkendt af den side, der er nævnt i `missing`."
