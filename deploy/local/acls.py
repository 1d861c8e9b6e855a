"""Who may do what on the broker: one list, made from the contracts, the handlers and the mailboxes, from nothing else.

What is not on it is refused. Whoever may read or write a topic sees that it is there; nobody sees another's.
"""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from chassis.kafka import KafkaSettings
from contracts.catalogue import SERVICES, catalogue, listeners, tellers
from contracts.codes import EXERCISING, Mode, mailboxes
from contracts.event import goes_to_mailboxes, is_exercised
from deploy.local.errors import StackError

EXCHANGE = "exchange"
"""Shows each mailbox to its system over HTTPS; reads without a group."""

OPERATIONS = "operations"
"""Operators' programs, which find the places of a case in the topics; they read without a group, too."""

EVERY = AclBindingFilter(
    ResourceType.ANY,
    None,  # type: ignore[arg-type]  # its documentation: None meets any
    ResourcePatternType.ANY,
    None,  # type: ignore[arg-type]  # as above
    None,  # type: ignore[arg-type]  # as above
    AclOperation.ANY,
    AclPermissionType.ANY,
)
KNOWN_WITHIN_S = 90


def services() -> list[str]:
    """Return the services; each is known to the broker by its name."""
    return sorted(path.parent.name for path in SERVICES.glob("*/__init__.py"))


def wanted_acls() -> set[AclBinding]:
    """Return everything that anybody may do."""
    return {*_of_services(), *_of_exercises(), *_of_integrating_systems(), *_of_readers()}


def _of_services() -> Iterator[AclBinding]:
    """Let each service write what it tells, copies included, and read in its own group what it reacts to."""
    heard = listeners()
    for event in catalogue():
        for teller in tellers(event):
            yield from (_topic(teller, AclOperation.WRITE, topic) for topic in event.topics())
            for copy in mailboxes() if goes_to_mailboxes(event) else ():
                yield _topic(teller, AclOperation.WRITE, copy.topic)
        for listener in heard.get(event.__name__, ()):
            yield _topic(listener, AclOperation.READ, event.topic())
            yield _groups(listener, listener, ResourcePatternType.LITERAL)


def _of_exercises() -> Iterator[AclBinding]:
    """Let the processes of exercises write and read topics of exercises, in groups of their own, and nothing else."""
    heard = listeners()
    for event in filter(is_exercised, catalogue()):
        for service in EXERCISING & {*tellers(event)}:
            yield _topic(exercise_of(service), AclOperation.WRITE, event.topic(Mode.EXERCISE))
        for service in EXERCISING & {*heard.get(event.__name__, ())}:
            yield _topic(exercise_of(service), AclOperation.READ, event.topic(Mode.EXERCISE))
            yield _groups(exercise_of(service), exercise_of(service), ResourcePatternType.LITERAL)


def exercise_of(service: str) -> str:
    """Return who the exercise of a service is to the broker."""
    return f"{service}-{Mode.EXERCISE}"


def _of_integrating_systems() -> Iterator[AclBinding]:
    """Let the system of each mailbox read it, in groups that begin with its name and a dot."""
    for mailbox in mailboxes():
        yield _topic(str(mailbox), AclOperation.READ, mailbox.topic)
        yield _groups(str(mailbox), f"{mailbox}.", ResourcePatternType.PREFIXED)


def _of_readers() -> Iterator[AclBinding]:
    """Let those read, without a group, who show mailboxes or look for places."""
    copies = {mailbox.topic for mailbox in mailboxes()}
    for reader, topics in (
        (EXCHANGE, copies),
        (OPERATIONS, copies | {topic for event in catalogue() for topic in event.topics()}),
    ):
        yield from (_topic(reader, AclOperation.READ, topic) for topic in topics)


def _topic(who: str, operation: AclOperation, topic: str) -> AclBinding:
    return _allowed(who, operation, ResourceType.TOPIC, topic, ResourcePatternType.LITERAL)


def _groups(who: str, name: str, pattern: ResourcePatternType) -> AclBinding:
    return _allowed(who, AclOperation.READ, ResourceType.GROUP, name, pattern)


def _allowed(
    who: str, operation: AclOperation, kind: ResourceType, name: str, pattern: ResourcePatternType
) -> AclBinding:
    return AclBinding(kind, name, pattern, f"User:{who}", "*", operation, AclPermissionType.ALLOW)


def provision_acls(kafka: KafkaSettings) -> list[str]:
    """Give the broker this list and no other, and return what had to change, in words; in the clear there is none."""
    if kafka.kafka_security_protocol == "PLAINTEXT":
        return []
    try:
        missing, left_over = _make_equal(AdminClient(_for_librdkafka(kafka)), wanted_acls())
    except (KafkaException, TimeoutError) as error:
        raise StackError(f"the broker does not take the access list: {error!r}") from error
    return [*(f"right: {_in_words(one)}" for one in missing), *(f"right gone: {_in_words(one)}" for one in left_over)]


def _make_equal(admin: AdminClient, wanted: set[AclBinding]) -> tuple[list[AclBinding], list[AclBinding]]:
    """Add what is missing, then take away what is left over, and return both."""
    present = _present(admin)
    missing, left_over = sorted(wanted - present), sorted(present - wanted)
    _all_done(admin.create_acls(missing, request_timeout=KNOWN_WITHIN_S).values() if missing else ())
    gone = [_exactly(one) for one in left_over]
    _all_done(admin.delete_acls(gone, request_timeout=KNOWN_WITHIN_S).values() if gone else ())
    _wait_until_known(admin, wanted)
    return missing, left_over


def _present(admin: AdminClient) -> set[AclBinding]:
    return set(admin.describe_acls(EVERY, request_timeout=KNOWN_WITHIN_S).result(KNOWN_WITHIN_S))


def _wait_until_known(admin: AdminClient, wanted: set[AclBinding]) -> None:
    """Wait until the broker itself decides by the list: the controller has it a moment earlier."""
    ends = time.monotonic() + KNOWN_WITHIN_S
    while _present(admin) != wanted:
        if time.monotonic() > ends:
            raise StackError(f"the broker does not know the access list after {KNOWN_WITHIN_S} s")
        time.sleep(0.05)


def _all_done(answers: Iterable[Future[Any]]) -> None:
    for answer in answers:
        answer.result(KNOWN_WITHIN_S)


def _exactly(one: AclBinding) -> AclBindingFilter:
    """Return the filter that meets one entry and no other."""
    return AclBindingFilter(
        one.restype,
        one.name,
        one.resource_pattern_type,
        one.principal,
        one.host,
        one.operation,
        one.permission_type,
    )


def _in_words(one: AclBinding) -> str:
    pattern = "…" if one.resource_pattern_type == ResourcePatternType.PREFIXED else ""
    operation, kind = AclOperation(one.operation).name.lower(), ResourceType(one.restype).name.lower()
    return f"{one.principal} {operation} {kind} {one.name}{pattern}"


def _for_librdkafka(kafka: KafkaSettings) -> dict[str, str | int | float | bool]:
    """Return the same connection in the words of the client that can ask about rights; aiokafka cannot."""
    return {
        "log_level": 3,  # errors only
        "bootstrap.servers": kafka.kafka_bootstrap,
        "security.protocol": kafka.kafka_security_protocol,
        "ssl.ca.location": str(kafka.kafka_ca_file),
        "ssl.certificate.location": str(kafka.kafka_cert_file),
        "ssl.key.location": str(kafka.kafka_key_file),
    }
