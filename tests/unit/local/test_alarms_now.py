"""What `make status` says of alarms: the same as Prometheus would, from one look."""

import pytest

from deploy.local.alarms import Alarm, alarms, ringing, samples

BY_NAME = {alarm["name"]: alarm for alarm in alarms()}

METRICS = """
# TYPE underretninger_undelivered gauge
underretninger_undelivered{municipality="0657",name="Herning"} 3
underretninger_undelivered{municipality="0791",name="Viborg"} 1
# TYPE underretninger_undelivered_oldest_seconds gauge
underretninger_undelivered_oldest_seconds{municipality="0657",name="Herning"} 90000
underretninger_undelivered_oldest_seconds{municipality="0791",name="Viborg"} 60
# TYPE parked_messages gauge
parked_messages{cause="handler"} 2
# TYPE relay_leads gauge
relay_leads{shard="0"} 1
relay_leads{shard="1"} 0
"""


def said(name: str) -> list[str]:
    return ringing(BY_NAME[name], samples("concerns", METRICS))


def test_it_speaks_of_the_municipality_that_is_late_and_of_no_other() -> None:
    [line] = said("UnderretningIkkeHentet4Timer")
    assert line == "3 underretninger til Herning er ikke hentet, ældste 1 døgn 1 t 0 min."
    [line] = said("UnderretningIkkeHentet24Timer")
    assert line.startswith("3 underretninger til Herning er ikke hentet, og den ældste har ventet i over et døgn.")


def test_one_is_not_spoken_of_as_many() -> None:
    alarm = BY_NAME["UnderretningIkkeHentet4Timer"] | {
        "expression": "underretninger_undelivered_oldest_seconds < 4 * 3600"
    }
    assert ringing(alarm, samples("concerns", METRICS)) == [
        "1 underretning til Viborg er ikke hentet, ældste 1 min 0 s."
    ]


def test_labels_are_added_up_as_the_expression_says() -> None:
    assert said("IngenSenderBeskeder") == ["concerns: 0 processer sender beskeder i del 1; der skal være netop én."]
    assert said("BeskederParkeret") == [
        "concerns: 2 beskeder er lagt til side (handler) og venter på en driftsmedarbejder."
    ]


def test_what_is_not_told_of_does_not_ring() -> None:
    assert said("DatabasenSvarerIkke") == []
    assert said("KvitteringMangler") == []


@pytest.mark.parametrize("alarm", alarms(), ids=lambda alarm: str(alarm["name"]))
def test_every_alarm_can_be_asked_or_needs_a_time(alarm: Alarm) -> None:
    assert ringing(alarm, {}) == []


def test_an_expression_that_cannot_be_asked_says_so() -> None:
    with pytest.raises(ValueError, match="StringLiteral"):
        ringing({"expression": '"text"', "says": ""}, {})
