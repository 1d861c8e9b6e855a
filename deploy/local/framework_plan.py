"""An invented framework plan (rammeplan) of the beredskabsstab: the true one is the police's own and is not public.

Who is in the staff follows the plan of 2023, §5.3, and what is public of other staffs; the numbers are ours.
"""

from typing import Any

from contracts.codes import AuthorityKind, Office, authorities, municipalities

DESK, CHAIR = "politi-mvj-vagtcentral", "politi-mvj"
VAGT, MEMBER, LEADER, LOG, PRESS = "vagt", "stabsmedlem", "stabsleder", "logfoerer", "kommunikation"
SECTORS = {
    AuthorityKind.MUNICIPALITY: "kommune",
    AuthorityKind.REGION: "sundhed",
    AuthorityKind.HOME_GUARD: "hjemmevaern",
    AuthorityKind.EMERGENCY_MANAGEMENT: "redning",
    AuthorityKind.POLICE_UNIT: "politi",
}
OUTSIDE = ("region-midtjylland", "region-nordjylland", "hjemmevaernet", "beredskabsstyrelsen")


def framework_plan() -> dict[str, Any]:
    """Return the plan as `POST /framework-plans` takes it."""
    ours = [f"kommune-{one.code}" for one in municipalities().values() if one.in_district]
    return {
        "name": "Rammeplan for Den Lokale Beredskabsstab i Midt- og Vestjylland (demonstration)",
        "chair": CHAIR,
        "desk": DESK,
        "parties": [_party(one) for one in (DESK, *ours, *OUTSIDE)],
        "policies": {
            "informationsberedskab": "call_in",
            "stabsberedskab": "call_in",
            "operationsberedskab": "call_in",
        },
        "quorum": _quorum(),
        "facilities": [
            {
                "code": "holstebro",
                "name": "Holstebro politistation",
                "address": "Stabslokalet, Demonstrationsvej 1, 7500 Holstebro",
                "primary": True,
            },
            {
                "code": "herning",
                "name": "Herning politistation",
                "address": "Stabslokalet, Demonstrationsvej 2, 7400 Herning",
                "primary": False,
            },
        ],
        "cards": [
            {"role": LEADER, "lines": ["Åbn første møde, og fordel rollerne.", "Godkend situationsbilledet."]},
            {"role": LOG, "lines": ["Skriv handlinger, beslutninger og undladelser i loggen.", "Aftal din afløser."]},
            {"role": PRESS, "lines": ["Skriv udkast til meddelelser.", "Husk: Samvirke varsler ikke befolkningen."]},
            {"role": MEMBER, "lines": ["Skriv din myndigheds afsnit i situationsbilledet.", "Meld ressourcer."]},
        ],
    }


def _party(authority: str) -> dict[str, Any]:
    one = authorities()[authority]
    police, municipal = authority == DESK, one.kind is AuthorityKind.MUNICIPALITY
    return {
        "authority": authority,
        "office": Office.BEREDSKAB,
        "sector": SECTORS[one.kind],
        "kommunekode": one.kommunekode,
        "roles": {
            "informationsberedskab": [VAGT],
            "stabsberedskab": [LEADER, LOG] if police else [MEMBER],
            "operationsberedskab": [PRESS] if police or municipal else [],
        },
    }


def _quorum() -> dict[str, Any]:
    """Return what each step needs: who is only informed has seen it; who is called in comes, in person or not."""
    comes, seen = ["coming", "virtual", "arrived"], ["seen", "coming", "virtual", "arrived"]
    police = [{"authorities": [DESK], "role": role, "answers": comes} for role in (LEADER, LOG)]
    members = {"role": MEMBER, "answers": comes}
    stab = [*police, members]
    press = {"authorities": [DESK], "role": PRESS, "answers": comes}
    return {
        "informationsberedskab": [{"role": VAGT, "answers": seen, "unaffected": True}],
        "stabsberedskab": stab,
        "operationsberedskab": [*stab, press],
    }
