"""Provisioning keeps the broker's list equal to the generated one."""

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from deploy.local.acls import provision_acls
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]

EVERYBODY_EVERYTHING = AclBinding(
    ResourceType.TOPIC,
    "*",
    ResourcePatternType.LITERAL,
    "User:*",
    "*",
    AclOperation.READ,
    AclPermissionType.ALLOW,
)


def test_a_right_that_somebody_added_by_hand_is_taken_away(secured: Stack) -> None:
    tls = secured.run / "tls"
    admin = AdminClient(
        {
            "bootstrap.servers": secured.bootstrap,
            "security.protocol": "SSL",
            "ssl.ca.location": str(tls / "ca.crt"),
            "ssl.certificate.location": str(tls / "provisioner.crt"),
            "ssl.key.location": str(tls / "provisioner.key"),
        }
    )
    for added in admin.create_acls([EVERYBODY_EVERYTHING]).values():
        added.result(30)
    assert provision_acls(secured.kafka) == ["right gone: User:* read topic *"]
    assert provision_acls(secured.kafka) == []
