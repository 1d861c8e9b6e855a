from uuid import UUID

from services.persons.domain.households import Households, by_ids, numbers_in

MOTHER, MOTHER_BEFORE, CHILD = "6101901234", "6101901299", "6505164000"
IDS = {MOTHER: UUID(int=1), MOTHER_BEFORE: UUID(int=1), CHILD: UUID(int=2)}
FACTS = Households(
    births=[{"number": MOTHER, "born": "1990-01-01"}, {"number": CHILD, "born": "2016-05-05"}],
    custody=[
        {"child": CHILD, "holder": MOTHER, "from": "2016-05-05", "to": None},
        {"child": CHILD, "holder": MOTHER_BEFORE, "from": "2016-05-05", "to": None},
    ],
    dwellings=[
        {
            "person": CHILD,
            "kind": "dwelling",
            "dwelling": "0657/Ravnsøgade 7/1",
            "building": None,
            "kommune": "0657",
            "from": "2016-05-05",
            "to": None,
            "protected": True,
        }
    ],
    placements=[{"child": CHILD, "handlekommune": "0791", "from": "2024-08-01", "to": None}],
)


def test_every_number_of_the_facts_is_found() -> None:
    assert numbers_in(FACTS) == set(IDS)


def test_the_facts_are_said_again_by_ids_and_once() -> None:
    answer = by_ids(FACTS, IDS, lambda _: "opaque", lambda _: "opaque")
    assert answer["births"][0] == {"person": UUID(int=1), "born": "1990-01-01"}
    assert answer["custody"] == [{"child": UUID(int=2), "holder": UUID(int=1), "from": "2016-05-05", "to": None}]
    assert answer["placements"] == [{"child": UUID(int=2), "handlekommune": "0791", "from": "2024-08-01", "to": None}]


def test_neither_number_nor_address_is_left_in_the_answer() -> None:
    answer = repr(by_ids(FACTS, IDS, lambda _: "opaque", lambda _: "opaque"))
    assert not [number for number in IDS if number in answer]
    assert "Ravnsøgade" not in answer
    assert "'dwelling': 'opaque', 'building': None, 'kommune': '0657'" in answer
