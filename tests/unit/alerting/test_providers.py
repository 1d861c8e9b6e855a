"""Which provider takes a message, and what may not start."""

import json
from typing import Any

import pytest
from aiohttp import ThreadedResolver
from pydantic import ValidationError

from services.alerting.app.channels.outward import AddressRefused, Guard, require_loopback, require_usable
from services.alerting.app.channels.providers import Provider, Providers, refuse_outward
from services.alerting.app.channels.settings import DispatchSettings, ProviderSettings
from services.alerting.domain.addresses import is_public
from services.alerting.domain.deliveries import State
from services.alerting.domain.providers import Outcome, Tries, Verdict, choose, pause_s, settle, silent

ORDER = ["first", "second"]
GATEWAY: dict[str, Any] = {
    "name": "first", "channel": "sms", "kind": "gateway", "base": "https://sms.example", "sender": "+4512345678"
}  # fmt: skip


def chosen(tries: Tries = Tries(), **more: Any) -> str | None:  # noqa: ANN401, B008  frozen
    return choose(ORDER, tries, **{"resumed": None, "failing": (), "full": ()} | more)


def test_the_first_is_asked_first() -> None:
    assert chosen() == "first"


def test_one_that_failed_of_late_is_asked_after_the_other_but_is_asked() -> None:
    assert chosen(failing={"first"}) == "second"
    assert chosen(Tries(tried=frozenset({"second"})), failing={"first"}) == "first"
    assert chosen(failing={"first", "second"}) == "first"


def test_whom_a_dead_process_asked_is_asked_again_with_the_same_key() -> None:
    assert chosen(resumed="second") == "second"


def test_one_that_refused_for_good_is_never_asked_again() -> None:
    both = frozenset(ORDER)
    assert chosen(Tries(refused=frozenset({"first"}), tried=both)) == "second"
    assert chosen(Tries(refused=both)) is None


def test_without_room_it_waits() -> None:
    assert chosen(full={"first"}) == "second"
    assert chosen(full=set(ORDER)) is None
    assert chosen(Tries(tried=frozenset({"first"})), full={"second"}) is None


@pytest.mark.parametrize("verdict", [Verdict.LATER, Verdict.REFUSED, Verdict.UNKNOWN])
def test_the_second_takes_at_once_what_the_first_did_not(verdict: Verdict) -> None:
    after = settle(Outcome(verdict), "first", ORDER, Tries(1))
    assert (after.state, after.wait_s, after.possible_duplicate) == (State.QUEUED, 0, verdict is Verdict.UNKNOWN)
    assert choose(ORDER, after.tries, resumed="first", failing=(), full=()) == "second"


def test_when_all_failed_the_next_round_waits_and_asks_all_again() -> None:
    after = settle(Outcome(Verdict.LATER, retry_after_s=30), "second", ORDER, Tries(2, frozenset({"first"})))
    assert (after.state, after.wait_s, after.tries.tried) == (State.QUEUED, 30, frozenset())


def test_what_all_refuse_for_good_has_failed() -> None:
    assert (
        settle(Outcome(Verdict.REFUSED), "second", ORDER, Tries(2, refused=frozenset({"first"}))).state is State.FAILED
    )


def test_silence_takes_it_to_the_other_and_says_so_but_not_round_and_round() -> None:
    after = silent("first", ORDER, Tries(1))
    assert (after.state, after.possible_duplicate) == (State.QUEUED, True)
    assert silent("second", ORDER, after.tries).state is State.ACCEPTED


def test_pauses_grow_and_end() -> None:
    assert [pause_s(number, 2) for number in (2, 4, 6, 2000)] == [2, 4, 8, 60]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"sender": "SAMVIRKE"}, "numeric sender"),
        ({"sender": ""}, "numeric sender"),
        ({"sender": "+45"}, "numeric sender"),
        ({"base": ""}, "base is missing"),
        ({"channel": "email"}, "does not serve"),
        ({"per_second": 0}, "greater than 0"),
        ({"name": "Kaldt Noget"}, "pattern"),
        ({"limit": 5}, "Extra inputs"),
    ],
)
def test_a_provider_that_does_not_fit_does_not_load_and_its_secret_is_not_told(
    fault: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError, match=says) as refused:
        ProviderSettings(**GATEWAY | {"credential": "hemmelig"} | fault)
    assert "hemmelig" not in str(refused.value)


def test_a_sender_that_nobody_answers_may_be_a_name() -> None:
    assert ProviderSettings(**GATEWAY | {"sender": "SAMVIRKE", "replies": False}).sender == "SAMVIRKE"


def test_two_providers_of_one_name_do_not_load(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:  # noqa: ANN401
    monkeypatch.setenv("ALERTING_PROVIDERS", json.dumps([GATEWAY, GATEWAY]))
    monkeypatch.setenv("ALERTING_LINK_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ValidationError, match="one name"):
        DispatchSettings()


@pytest.mark.parametrize(
    "base", ["https://sms.example", "http://10.0.0.1", "smtp://mail.example:25", "http://[::]", ""]
)
def test_a_demonstration_does_not_begin_with_a_provider_elsewhere(base: str) -> None:
    with pytest.raises(ValueError, match="nothing leaves this machine"):
        require_loopback("first", base)


def test_outside_a_demonstration_the_same_provider_begins() -> None:
    refuse_outward((ProviderSettings(**GATEWAY),), demonstration=False)
    with pytest.raises(ValueError, match="nothing leaves this machine"):
        refuse_outward((ProviderSettings(**GATEWAY),), demonstration=True)
    refuse_outward((ProviderSettings(**GATEWAY | {"base": "http://127.0.0.1:1"}),), demonstration=True)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::", "198.18.0.1", "nonsense", ""],
)  # fmt: skip
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["http://example.com", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1:8443/", "https://a:b@example.com/",
     "https:///path", "ftp://example.com", "file:///etc/passwd", "https://169.254.169.254/latest", "https://x:99999/",
     "https://[broken", "", "example.com"],
)  # fmt: skip
def test_a_receiver_whose_address_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        require_usable(address, demonstration=False)


def test_a_receiver_outside_is_fine_and_in_a_demonstration_only_one_on_this_machine() -> None:
    require_usable("https://example.com/hook", demonstration=False)
    require_usable("http://127.0.0.1:8080/hook", demonstration=True)
    with pytest.raises(AddressRefused):
        require_usable("https://example.com/hook", demonstration=True)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f000001"])
async def test_a_name_that_leads_inside_is_refused_when_it_is_resolved(host: str) -> None:
    guard = Guard(demonstration=False)
    with pytest.raises(AddressRefused):
        await guard.resolve(host, 443)


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads to an address of an inner network, as between containers."""

    async def resolved(*_: object) -> list[dict[str, str]]:
        return [{"host": "172.18.0.7"}]

    monkeypatch.setattr(ThreadedResolver, "resolve", resolved)


@pytest.mark.usefixtures("inside")
async def test_in_a_demonstration_a_neighbour_under_localhost_is_reached_where_it_lives() -> None:
    assert await Guard(demonstration=True).resolve("gateway-a.localhost", 27202)
    with pytest.raises(AddressRefused):
        await Guard(demonstration=True).resolve("gateway-a.example", 27202)


@pytest.mark.usefixtures("inside")
async def test_outside_a_demonstration_no_name_opens_an_inner_network() -> None:
    with pytest.raises(AddressRefused):
        await Guard(demonstration=False).resolve("gateway-a.localhost", 443)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Nothing:
    """A channel that nobody sends by."""

    async def send(self, message: object) -> Outcome:
        raise NotImplementedError

    async def close(self) -> None:
        return


def provider(clock: Clock, **more: object) -> Provider:
    return Provider(ProviderSettings(**GATEWAY | more), Nothing(), pause_s=30, clock=clock)


def test_a_limit_of_messages_a_second_is_kept_and_refills() -> None:
    clock = Clock()
    one = provider(clock, per_second=5)
    for _ in range(5):
        assert one.room() > 0
        one.take()
    assert one.room() == 0
    clock.now += 0.4
    assert one.room() == 2
    clock.now += 60
    assert one.room() == 5, "what was not used is not saved up"


def test_without_a_limit_only_what_is_under_way_counts() -> None:
    one = provider(Clock(), at_once=2)
    one.take()
    one.take()
    assert one.room() == 0
    one.gave(Outcome(Verdict.ACCEPTED))
    assert one.room() == 1


def test_a_provider_that_failed_is_tried_by_one_message_after_its_pause() -> None:
    clock = Clock()
    one = provider(clock)
    one.take()
    one.gave(Outcome(Verdict.UNKNOWN))
    assert one.is_failing()
    clock.now += 31
    assert not one.is_failing()
    one.take()
    assert one.is_failing(), "the others do not follow before it has answered"
    one.gave(Outcome(Verdict.ACCEPTED))
    assert not one.is_failing()


def test_a_number_that_is_refused_is_no_fault_of_the_provider() -> None:
    one = provider(Clock())
    one.take()
    one.gave(Outcome(Verdict.REFUSED))
    assert not one.is_failing()


def test_a_channel_without_room_is_not_asked_for_messages() -> None:
    clock = Clock()
    sms, voice = provider(clock, at_once=1), provider(clock, name="voice", channel="voice", at_once=3)
    both = Providers({"first": sms, "voice": voice}, [])
    sms.take()
    assert both.room() == {"voice": 3}
