"""The settings of one service process, read from its environment."""

import os

from pydantic import Field, SecretStr, model_validator

from chassis.kafka import KafkaSettings
from contracts.codes import EXERCISING, Mode


class Settings(KafkaSettings):
    """Where the world is and how fast to look at it; names are those of the environment variables, upper case."""

    service: str
    """The service's name and its source; `identity` is the name under which it connects."""

    database_url: str
    """The server, as in `postgresql://host:5432`; database and user follow from the service's name."""

    database_api_url: str | None = None
    """The whole address for requests of people and systems, where it cannot be derived."""

    database_worker_url: str | None = None
    """The whole address for the service's own work, where it cannot be derived."""

    database_pool: int = 8
    """Connections for requests; the service's own work has as many."""

    issuer: str
    client_secret: SecretStr = SecretStr("")
    web_client: str = "console"
    """Under which name pages send people to the issuer: a public client, whose secret is made anew at each sign-in."""
    web_base: str = ""
    """Where browsers reach this service, as in `https://stab.example`; cookies are secure where it is https."""
    service_urls: dict[str, str] = Field(default_factory=dict)
    http_host: str = "127.0.0.1"
    http_port: int
    demonstration: bool = False
    mode: Mode = Mode.LIVE

    body_limit: int = 1_000_000
    """Bytes that a request may carry, where its route does not stream."""

    relay_batch: int = 1000
    relay_compression: str = "lz4"
    """How records are packed on their way; `none` leaves them readable in the broker's files, for scans."""
    relay_poll_s: float = 0.25
    relay_ask_s: float = 5.0
    """How often a relay that does not lead asks for leadership."""
    relay_idle_session_s: float = 15.0
    """A leader that is silent for so long loses its connection, and with it the lead."""
    relay_send_timeout_s: float = 30.0

    inbox_batch: int = 200
    inbox_wait_ms: int = 1000
    """How often a consumer without records looks whether it is refused; a record wakes it at once."""
    inbox_fetch_wait_ms: int = 500
    """How long the broker holds a question for records; what comes on a partition left out of it waits as long."""
    inbox_back_off_s: float = 10.0
    """The longest pause between two tries while the database is away."""
    instance: str = ""
    """A name that stays when the process is started again, where whoever starts it gives one; no two may share it."""
    session_timeout_ms: int = 45_000
    rebalance_timeout_ms: int = 60_000

    deadline_poll_s: float = 0.5
    closing_poll_s: float = 60.0
    """How often a service looks whether a day has passed that it should close."""

    otel_traces_exporter: str = "none"
    otel_exporter_zipkin_endpoint: str = ""
    span_file: str = ""

    @model_validator(mode="after")
    def _exercise_only_where_it_is_known(self) -> "Settings":
        """Refuse to start an exercise of a service that knows none."""
        if self.mode is Mode.EXERCISE and self.service not in EXERCISING:
            raise ValueError(f"{self.service} knows no exercises")
        return self

    @property
    def identity(self) -> str:
        """Return who this process is to the broker and the identity provider: in an exercise somebody else."""
        return self.service if self.mode is Mode.LIVE else f"{self.service}-{self.mode}"

    @property
    def own_address(self) -> str:
        """Return where browsers reach this service, without a slash at the end."""
        return self.web_base.rstrip("/") or f"http://{self.http_host}:{self.http_port}"

    @property
    def database_name(self) -> str:
        """Return the database, after which its roles are named."""
        return self.identity.replace("-", "_")

    def group_instance(self, topic: str) -> str | None:
        """Return this process's own place in its consumer group: started again, it goes on without waiting.

        Each topic has a consumer of its own, and two members of one name would push each other out for ever.
        """
        return f"{self.identity}-{self.instance}-{topic}" if self.instance else None

    @property
    def api_url(self) -> str:
        """Return the database address for requests: row-level security is meant for this role."""
        return self.database_api_url or self._derived("api")

    @property
    def worker_url(self) -> str:
        """Return the database address for the service's own work; no HTTP request uses it."""
        return self.database_worker_url or self._derived("worker")

    def _derived(self, role: str) -> str:
        scheme, _, host = self.database_url.rstrip("/").rpartition("://")
        return f"{scheme}://{self.database_name}_{role}@{host}/{self.database_name}"


def settings_for(service: str) -> Settings:
    """Read the settings of one service from the environment, and from files in the folder that `SECRETS_DIR` names."""
    return Settings(service=service, _secrets_dir=os.environ.get("SECRETS_DIR"))
