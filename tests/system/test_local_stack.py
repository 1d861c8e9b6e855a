"""The servers, the provisioning and the identity provider that everything else is tested on."""

import asyncpg
import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.local.databases import in_database, keys_databases, service_databases
from deploy.local.provision import provision
from deploy.local.topics import DAY_MS, wanted_topics
from tests.stack import Stack

pytestmark = pytest.mark.system


async def test_provisioning_twice_makes_nothing_new(stack: Stack) -> None:
    assert await provision(stack.database_url, stack.keys_url, stack.kafka, demonstration=True) == []


async def test_every_topic_of_the_contracts_exists_with_its_partitions(stack: Stack) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap)
    await admin.start()
    try:
        described = await admin.describe_topics(list(wanted_topics()))
    finally:
        await admin.close()
    assert {topic["topic"]: len(topic["partitions"]) for topic in described} == wanted_topics(stack.partitions)


async def test_mailboxes_keep_thirty_five_days(stack: Stack) -> None:
    mailbox = next(topic for topic in wanted_topics() if ".mailbox." in topic)
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap)
    await admin.start()
    try:
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, mailbox)])
    finally:
        await admin.close()
    settings = {name: value for name, value, *_ in answers[0].resources[0][4]}
    assert settings["retention.ms"] == str(35 * DAY_MS)
    assert settings["message.timestamp.type"] == "LogAppendTime"


async def test_a_service_cannot_connect_to_the_database_of_another(stack: Stack) -> None:
    first, second = service_databases()[:2]
    address = in_database(stack.database_url.replace("://", f"://{first.users[0]}@"), second.name)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(address)


async def test_no_role_of_a_process_owns_a_table(stack: Stack) -> None:
    servers = dict.fromkeys(service_databases(), stack.database_url) | dict.fromkeys(keys_databases(), stack.keys_url)
    for database, server in servers.items():
        connection = await asyncpg.connect(in_database(server, database.name))
        owners = await connection.fetch("select distinct tableowner from pg_tables where schemaname = 'public'")
        await connection.close()
        assert {row["tableowner"] for row in owners} == {database.owner}


async def test_values_of_a_failing_statement_do_not_reach_the_log_of_the_database(stack: Stack) -> None:
    connection = await asyncpg.connect(in_database(stack.database_url, "postgres"))
    with pytest.raises(asyncpg.DataError):
        await connection.execute("select 'secret-in-a-literal'::int")
    await connection.close()
    assert "secret-in-a-literal" not in stack.log("postgres")


def test_the_identity_provider_publishes_where_its_keys_are(stack: Stack) -> None:
    discovery = httpx.get(f"{stack.issuer}/.well-known/openid-configuration").json()
    assert discovery["issuer"] == stack.issuer
    assert httpx.get(discovery["jwks_uri"]).json()["keys"][0]["alg"] == "ES256"
