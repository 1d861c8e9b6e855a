"""The stand-in provider behaves as it was told, also when its process is started again."""

from pathlib import Path

import pytest

from deploy.sandbox.gateway.behaviour import Behaviour, Behaviours


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gateway-a.behaviour"


def modes(file: Path) -> dict[str, str]:
    return {channel: one.mode for channel, one in Behaviours(file).of_channel.items()}


def test_a_provider_is_well_at_first(file: Path) -> None:
    assert set(modes(file).values()) == {"ok"}


def test_who_is_dead_stays_dead_and_only_in_that_channel(file: Path) -> None:
    Behaviours(file).set("sms", Behaviour("dead", latency_s=1.5))
    assert Behaviours(file).of_channel["sms"] == Behaviour("dead", latency_s=1.5)
    assert {channel for channel, mode in modes(file).items() if mode == "dead"} == {"sms"}


def test_who_is_well_again_stays_well(file: Path) -> None:
    Behaviours(file).set(None, Behaviour("500"))
    Behaviours(file).set(None, Behaviour())
    assert set(modes(file).values()) == {"ok"}


def test_an_unknown_channel_changes_nothing(file: Path) -> None:
    with pytest.raises(ValueError, match="channel is one of"):
        Behaviours(file).set("fax", Behaviour("dead"))
    assert set(modes(file).values()) == {"ok"}
