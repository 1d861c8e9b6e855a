"""Who has no certificate of this authority comes nowhere; who has one without rights sees an empty broker."""

import pytest

from tests.component.kafka_security.apache import Attempts
from tests.component.kafka_security.strangers import FOREIGN, HERNING, UNKNOWN, UNNAMED

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]


@pytest.mark.parametrize(
    ("who", "ended"),
    [
        ("nobody", "SslAuthenticationException"),
        (FOREIGN, "SslAuthenticationException"),
        (UNNAMED, "TimeoutException"),
        ("plaintext", "TimeoutException"),
    ],
)
def test_without_a_good_certificate_nothing_is_answered(attempts: Attempts, who: str, ended: str) -> None:
    assert attempts([(who, "knock", "")]) == {(who, "knock", ""): ended}


def test_who_has_no_rights_sees_nothing(attempts: Attempts) -> None:
    tried = [(UNKNOWN, "topics", ""), (UNKNOWN, "read", HERNING.topic), (UNKNOWN, "write", HERNING.topic)]
    refused = "TopicAuthorizationException"
    assert list(attempts(tried).values()) == ["ok []", refused, refused]
