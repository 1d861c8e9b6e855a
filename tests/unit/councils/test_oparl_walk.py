"""The referee of OParl finds what is wrong with an interface; here against small schemas of our own."""

from typing import Any

import httpx

from tests.contracts.oparl import Walk, report

AT = "https://raad.example/"
URL = {"type": "string", "format": "url"}
SCHEMAS: dict[str, dict[str, Any]] = {
    "System": {
        "required": ["id", "body"],
        "properties": {
            "id": URL,
            "type": {},
            "body": URL | {"references": "externalList", "items": {"schema": "Body.json"}},
        },
    },
    "Body": {
        "required": ["id", "name"],
        "properties": {
            "id": URL,
            "type": {},
            "name": {"type": "string"},
            "since": {"type": "string", "format": "date"},
            "system": URL | {"references": "System", "backreference": "body", "cardinality": "n:1"},
            "twin": URL | {"references": "Body", "backreference": "twin", "cardinality": "1:1"},
            "seat": {"type": "object", "schema": "Seat.json"},
        },
    },
    "Seat": {"required": ["id"], "properties": {"id": URL, "type": {}, "words": {"type": "string"}}},
}


def walked(*bodies: dict[str, Any], **elsewhere: dict[str, Any]) -> Walk:
    """Return the walk through an interface of some bodies."""
    system = {"id": f"{AT}system", "type": "x/System", "body": f"{AT}bodies"}
    things = {one["id"]: one for one in [system, *bodies, *(one["seat"] for one in bodies if "seat" in one)]}
    things |= {f"{AT}bodies": {"data": list(bodies), "links": {}}}
    things |= {AT + name: one for name, one in elsewhere.items()}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=things[str(request.url)])

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        walk = Walk(SCHEMAS, http)
        walk.go(f"{AT}system")
    return walk


def body(key: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    """Return a body, sound but for what is given."""
    return {"id": AT + key, "type": "x/Body", "name": key, "system": f"{AT}system"} | more


def test_a_sound_interface_has_no_faults_and_everything_is_counted() -> None:
    walk = walked(body("a", twin=f"{AT}b", since="2026-01-01"), body("b", twin=f"{AT}a"))
    assert walk.faults == []
    assert report(walk) == "Body: 2 objects, 0 faults\nSeat: 0 objects, 0 faults\nSystem: 1 objects, 0 faults"


def test_each_kind_of_fault_is_found() -> None:
    seat = {"id": f"{AT}seat", "type": "x/Seat", "words": 7}
    for wrong, found in (
        (body("a", since="i går"), "since"),
        (body("a", name=None), "name: says nothing"),
        (body("a", motto="Sammen"), "motto: is no property of Body"),
        (body("a", seat=seat), "words"),
        (body("a", system=f"{AT}a"), "is no System"),
    ):
        assert found in report(walked(wrong)), wrong
    assert "does not name it back" in report(walked(body("a", twin=f"{AT}b"), body("b", twin=f"{AT}b")))
    shared = report(walked(body("a", twin=f"{AT}c"), body("b", twin=f"{AT}c"), body("c")))
    assert f"twin: {AT}c belongs to 2" in shared
    assert "of it elsewhere" in report(walked(body("a"), a=body("a", name="another")))
    assert "/system is no" not in shared
    assert not walked(body("a", **{"kreds:note": "vores"})).faults
