"""Who plays the story, and who asks a container whether it is well, waits a while for a yes, and not for ever."""

import os
import subprocess

import httpx
import pytest

from deploy.local.fetch import ROOT
from deploy.story import patience
from tests.unit.local.answering import answering

HEALTHY = ROOT / "deploy" / "images" / "healthy"


@pytest.fixture
def patient() -> httpx.Client:
    return httpx.Client(transport=patience.Patient())


def is_healthy(port: int) -> bool:
    return asked(port).returncode == 0


def asked(port: int) -> "subprocess.CompletedProcess[str]":
    env = os.environ | {"HTTP_PORT": str(port), "SERVICE": "persons"}
    return subprocess.run([HEALTHY], env=env, check=False, capture_output=True, text=True)


def test_a_server_that_is_away_for_a_moment_is_asked_again(patient: httpx.Client) -> None:
    with answering(503, 500, 200) as port:
        assert patient.get(f"http://127.0.0.1:{port}").status_code == httpx.codes.OK


def test_a_refusal_is_an_answer(patient: httpx.Client) -> None:
    with answering(404, 200) as port:
        assert patient.get(f"http://127.0.0.1:{port}").status_code == httpx.codes.NOT_FOUND


def test_patience_ends(patient: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_S", 0.3)
    with answering(503) as port:
        assert patient.get(f"http://127.0.0.1:{port}").status_code == httpx.codes.SERVICE_UNAVAILABLE
    with pytest.raises(httpx.ConnectError):
        patient.get(f"http://127.0.0.1:{port}")


def test_a_program_is_seen_to_be_ready_as_soon_as_it_is() -> None:
    with answering(503, 503, 200) as port:
        assert is_healthy(port)


def test_a_program_that_stays_not_ready_is_not_healthy() -> None:
    with answering(503) as port:
        assert not is_healthy(port)


def test_a_program_that_does_not_listen_is_not_healthy() -> None:
    with answering(200) as port:
        assert is_healthy(port)
    assert (asked(port).returncode, asked(port).stdout) == (1, "nobody listens\n")
