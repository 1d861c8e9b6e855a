"""A plan that is made, as its forms see it."""

from uuid import UUID

import httpx

from tests.component.councils.seating import POLICE, Councils, Who

LISE: Who = ("secretary", POLICE, "raad")


class Plan:
    """A plan that is made, and the forms about it."""

    def __init__(self, councils: Councils, plan_id: str, who: Who = LISE) -> None:
        """Name the plan and who works on it."""
        self.councils, self.id, self.who = councils, plan_id, who
        self.path = f"/planarbejde/{plan_id}"

    def post(
        self, path: str, who: Who | None = None, said: dict[str, str] | None = None, **more: str
    ) -> httpx.Response:
        form = {"version": str(self.number)} | (said or {}) | more
        return self.councils.send("POST", self.path + path, who or self.who, data=form, headers={"Accept": "text/html"})

    def get(self, path: str = "", who: Who | None = None) -> httpx.Response:
        """Return a page about the plan."""
        return self.councils.send("GET", self.path + path, who or self.who, headers={"Accept": "text/html"})

    def write(self, address: str, text: str, **said: str) -> httpx.Response:
        """Save a section."""
        number = address.rpartition("_")[2] if address[0].isdigit() else {"role_priorities": "3"}.get(address, "")
        return self.post(f"/afsnit/{address}", said={"nummer": number, "overskrift": "Ny", "tekst": text} | said)

    @property
    def number(self) -> int:
        """Return the number of the newest version."""
        found: int = self.councils.sql("select max(number) from plan_version where plan_id = $1", UUID(self.id))
        return found

    @property
    def text(self) -> str:
        """Return the newest text as it is kept."""
        return str(
            self.councils.sql(
                "select document::text from plan_version where plan_id = $1 order by number desc limit 1", UUID(self.id)
            )
        )


def begun(councils: Councils, body_id: str, year: int, who: Who = LISE) -> Plan:
    """Return the plan of a council and year, begun by the form if that has not been done."""
    find = "select plan_id from plan_version where body_id = $1 and (document->>'year')::integer = $2 limit 1"
    found = councils.sql(find, UUID(body_id), year)
    if found is None:
        made = councils.send("POST", "/planarbejde", who, data={"raad": body_id, "aar": str(year)})
        assert made.status_code == 303, made.text
        found = made.headers["location"].rpartition("/")[2]
    return Plan(councils, str(found), who)
