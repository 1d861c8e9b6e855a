"""What beredskabsstab is asked in each cell: one staff that is under way, and bodies that would be right."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from deploy.local.framework_plan import framework_plan
from services.beredskabsstab.api.web import PAGES
from tests.access.table import Cell
from tests.system.playing import World

CHAIR, DESK = ("staff_chair", "politi-mvj"), ("duty_officer", "politi-mvj-vagtcentral", "beredskab")
SERVICE = "beredskabsstab"
INCIDENT = {"cause": "haendelse_varslet", "title": "Stormflod", "municipalities": ["0665"]}
WHY = {"reason": "Vandet stiger."}
WORDS = {"event": "Stormflod", "headline": "Vandet stiger", "description": "Vandet stiger i {sted}."}


class Staffs:
    """A staff with its plan, its incident and its warning."""

    def __init__(self, world: World) -> None:
        """Put everything there."""
        self.world = world
        plan = self._ask("/framework-plans", CHAIR, framework_plan())["framework_plan_id"]
        self._ask(f"/framework-plans/{plan}/sign", CHAIR)
        self.now = world.sql_in(SERVICE, "select clock()").replace(microsecond=0)
        self.warning = self._warning()
        self._ask("/warnings", DESK, self.warning)
        self.incident = self._ask("/incidents", DESK, INCIDENT)["incident_id"]
        made = self._ask("/activations", DESK, self._activating())
        nobody = dict.fromkeys(("request_id", "call_id", "task_id", "allocation_id", "line_id"), str(uuid4()))
        nobody |= dict.fromkeys(("finding_id", "planning_id", "shift_id", "warning_id"), str(uuid4()))
        nobody |= dict.fromkeys(("information_id", "standard_id"), str(uuid4()))
        own = {"plan_id": plan, "incident_id": self.incident, "activation_id": made["activation_id"]}
        paged = {"ending": "fejl", "act": "indsigelse", "version": PAGES.assets.version, "name": "css/samvirke.css"}
        self.ids = nobody | own | paged | {"facility": "herning", "authority": "kommune-0665", "number": "1"}

    def _ask(self, path: str, who: tuple[str, ...], body: object = None) -> dict[str, str]:
        found: dict[str, str] = self.world.ask("POST", path, who, SERVICE, json=body)
        return found

    def _activating(self) -> dict[str, object]:
        return {"incident_id": self.incident, "step": "informationsberedskab", "confirm": "SKARP"}

    def _warning(self) -> dict[str, object]:
        return {
            "identifier": "adgang-1",
            "sender": "varsel@stormflod.example",
            "sent": self.now.isoformat(),
            "msg_type": "Alert",
            "status": "Actual",
            "event": "Stormflod",
            "categories": ["Met"],
            "urgency": "Expected",
            "severity": "Severe",
            "certainty": "Likely",
            "headline": "Stormflod",
            "expires": (self.now + timedelta(days=1)).isoformat(),
            "areas": ["Thyborøn"],
            "kommunekoder": ["0665"],
        }

    def names(self) -> dict[str, str]:
        """Return the id of each thing, by the name of its parameter."""
        return dict(self.ids)

    def query(self, cell: Cell) -> dict[str, str]:
        """Return what must stand in a cell's address."""
        return {"step": "stabsberedskab"} if cell.route.endswith("/call-in-preview") else {}

    def body(self, cell: Cell) -> Any:  # noqa: ANN401  any JSON
        """Return what is sent; None where nothing is."""
        later = (self.now + timedelta(days=1)).isoformat()
        line = {"kind": "pumpe", "amount": 1, "what": "Pumpe"}
        owned = {"owner": "kommune-0665", "due_at": later}
        path = "POST /activations/{activation_id}"
        return {
            "POST /framework-plans": framework_plan(),
            "PUT /facilities/{facility}/readiness": {"ready": True},
            "POST /incidents": INCIDENT,
            "POST /incidents/{incident_id}/requests": {"step": "stabsberedskab"} | WHY,
            "POST /activation-requests/{request_id}/decline": WHY,
            "POST /activations": self._activating(),
            f"{path}/step": {"step": "informationsberedskab"},
            f"{path}/stand-down": {"reason": " "},
            f"{path}/members/{{call_id}}/answer": {"answer": "coming", "source": "telephone"},
            f"{path}/members": {
                "name": "Ada",
                "telephone": "+4507654321",
                "authority": "kommune-0665",
                "role": "stabsmedlem",
            },
            f"{path}/log": {"kind": "action", "text": "Mødet er begyndt."},
            "PUT /activations/{activation_id}/picture/sections/{authority}": {
                "texts": {"situation": "Vandet stiger."},
                "version": 0,
            },
            f"{path}/picture/versions": {"seen": {}},
            f"{path}/tasks": {"authority": "kommune-0665", "sector": "kommune", "title": "Spær vejen"},
            f"{path}/tasks/{{task_id}}/reassign": {"authority": "kommune-0665", "sector": "kommune"} | WHY,
            f"{path}/resource-offers": line,
            f"{path}/resource-requests": line,
            f"{path}/resource-allocations": {"offer_id": str(uuid4()), "request_id": str(uuid4()), "amount": 1} | WHY,
            f"{path}/resource-allocations/{{allocation_id}}/move": {"request_id": str(uuid4())} | WHY,
            f"{path}/resources/{{line_id}}/priority": {"priority": 1} | WHY,
            f"{path}/findings": {"words": "Pumper manglede."},
            "PUT /activations/{activation_id}/findings/{finding_id}/owner": owned,
            f"{path}/findings/{{finding_id}}/resolve": {"words": "Købt."},
            f"{path}/evaluation/conclude": {"words": "Godt."},
            "POST /planning": {
                "kind": "meeting",
                "title": "Møde",
                "held_at": self.now.isoformat(),
                "authorities": ["kommune-0665"],
            },
            "POST /planning/{planning_id}/lessons": {"words": "Øv mere."} | owned,
            "POST /lessons/{planning_id}/resolve": {"words": "Øvet."},
            f"{path}/readiness-polls": {"window": "18-02"},
            f"{path}/relief": {
                "role": "stabsmedlem",
                "starts_at": self.now.isoformat(),
                "ends_at": later,
                "who": "Ada",
            },
            "POST /warnings": self.warning,
            f"{path}/messages": {"form": "information", "audiences": ["authorities"], "danish": WORDS},
            "PUT /messages/{information_id}": {"danish": WORDS},
            "POST /messages/{information_id}/clear": {"version": 1},
            "POST /messages/{information_id}/approve": {"version": 1},
            "POST /messages/{information_id}/approve-alone": {"version": 1} | WHY,
            "POST /messages/{information_id}/correct": {"correction": "update", "danish": WORDS},
            "POST /messages/{information_id}/warned": {
                "channel": "S!RENEN",
                "at": self.now.isoformat(),
                "receipt": "kvittering 1",
            },
            "POST /messages/{information_id}/received": {"channel": "S!RENEN", "received": True},
            "POST /standard-texts": {"title": "Stormflod", "danish": WORDS},
        }.get(cell.route, None if cell.route in BODILESS or _is_form(cell.route) else WHY)


FORMS = ("/aktiver", "/anmod", "/beskeder/", "/logud", "/noedlogin", "/stab/")
"""Where the pages' forms go: an empty one is enough to be refused by, and to be let in by."""


def _is_form(route: str) -> bool:
    method, _, path = route.partition(" ")
    return method != "POST" or path.startswith(FORMS)


BODILESS = {
    "POST /messages/{information_id}/submit",
    "POST /messages/{information_id}/recall",
    "POST /messages/{information_id}/withdraw",
    "POST /standard-texts/{standard_id}/clear",
    "POST /standard-texts/{standard_id}/approve",
    "POST /framework-plans/{plan_id}/sign",
    "POST /activations/{activation_id}/tasks/{task_id}/accept",
    "POST /activations/{activation_id}/tasks/{task_id}/complete",
    "POST /activations/{activation_id}/relief/{shift_id}/remove",
}
