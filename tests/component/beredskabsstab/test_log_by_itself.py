"""What the system does stands in the staff's log by itself: polls, relief, what all are told, and the evaluation."""

import pytest

from tests.component.beredskabsstab.conftest import CHAIR, INFO, LEMVIG, STAB, Staff
from tests.component.beredskabsstab.test_afterwards import answers, due_now, later, member, shift

pytestmark = pytest.mark.component


def lines(staff: Staff, activation: str) -> list[tuple[str, str]]:
    """Return kind and words of what the system has written, in order."""
    entries = staff.ask("GET", f"/activations/{activation}/log", LEMVIG)["entries"]
    return [(one["kind"], one["text"]) for one in entries if one["automatic"]]


def begins(found: list[tuple[str, str]], words: str) -> list[str]:
    """Return the lines that begin with some words."""
    return [text for _, text in found if text.startswith(words)]


def test_a_poll_is_written_down_when_it_asks_and_with_its_answers_when_it_ends(staff: Staff) -> None:
    activation = staff.activate(INFO)
    staff.ask("POST", f"/activations/{activation}/readiness-polls", json={"window": "18-02"})
    [asked] = begins(lines(staff, activation), "Spurgt, hvem der kan møde 18-02 ved stabsberedskab: ")
    assert asked.endswith("Ingen er kaldt ind.")
    over = "Spørgsmålet om, hvem der kan møde, er slut: "
    assert begins(lines(staff, activation), over) == []
    for said in ("coming", "cannot", ""):
        who = member(staff, activation, "readiness", role="stabsmedlem")
        if said:
            answers(staff, who, said)
    staff.ask("POST", f"/activations/{activation}/step", json={"step": STAB})
    assert begins(lines(staff, activation), over) == [f"{over}2 af 3 har svaret, 1 kan møde."]
    staff.end(activation)
    assert len(begins(lines(staff, activation), over)) == 1


def test_relief_is_written_down_by_role_and_never_by_name(staff: Staff) -> None:
    activation = staff.activate(STAB)
    path = f"/activations/{activation}/relief"
    first = staff.ask("POST", path, LEMVIG, json=shift(0, 8))["shift_id"]
    second = staff.ask("POST", path, LEMVIG, json=shift(9, 17))["shift_id"]
    due_now(staff, "relief-due", first)
    staff.ask("POST", f"{path}/{second}/remove", LEMVIG)
    found = lines(staff, activation)
    assert len(begins(found, "Lemvig Kommune har planlagt afløsning: stabsmedlem fra ")) == 2
    assert len(begins(found, "Lemvig Kommune har ingen afløser: stabsmedlem går fra ")) == 1
    assert len(begins(found, "Lemvig Kommune har taget afløsningen af planen: stabsmedlem fra ")) == 1
    assert not [text for _, text in found if "Prøve Person" in text]
    staff.end(activation)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("stood_down", "Alle, der er kaldt, får besked om, at staben er afsluttet."),
        ("cancelled", "Alle, der er kaldt, får besked om at se bort fra indkaldelsen."),
    ],
)
def test_what_all_are_told_at_the_end_and_the_evaluation_are_written_down(
    staff: Staff, outcome: str, words: str
) -> None:
    activation = staff.activate(INFO)
    body = {"outcome": outcome, "reason": "Vandet falder.", "handed_over_to": "driften"}
    staff.ask("POST", f"/activations/{activation}/stand-down", CHAIR, json=body)
    found = lines(staff, activation)
    assert [text for _, text in found if text == words] == [words]
    assert len(begins(found, "Evalueringen er åbnet. Midt- og Vestjyllands Politi skal afslutte den senest ")) == 1
    assert staff.ask("GET", f"/activations/{activation}/log/verification")["fault"] is None


def test_who_was_never_called_is_told_nothing_and_nothing_of_it_is_written(staff: Staff) -> None:
    activation = staff.activate(STAB, starts_at=later(hours=5))
    body = {"outcome": "cancelled", "reason": "Vejret slog om."}
    staff.ask("POST", f"/activations/{activation}/stand-down", CHAIR, json=body)
    assert begins(lines(staff, activation), "Alle, der er kaldt") == []
