"""How every process reaches the broker: by mutual TLS where the broker is secured, else in the clear on loopback.

Who a process is to the broker stands in its client certificate; what it may, in the broker's access list. There are no
passwords and no tokens: aiokafka cannot renew them within a session. See docs/architecture/kafka-security.md.
"""

from pathlib import Path
from ssl import SSLContext
from typing import Any, Literal

from aiokafka.helpers import create_ssl_context
from faststream.security import BaseSecurity
from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class KafkaSettings(BaseSettings):
    """Where the broker is and who connects; names are those of the environment variables, upper case."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    kafka_bootstrap: str
    """One broker or several, with commas between them; any of them names the others."""

    kafka_security_protocol: Literal["PLAINTEXT", "SSL"] = "PLAINTEXT"

    kafka_ca_file: Path | None = None
    """Who vouches for the broker, as PEM."""
    kafka_cert_file: Path | None = None
    """The client certificate, with the chain up to its authority, as PEM."""
    kafka_key_file: Path | None = None
    """The key of the client certificate, as PEM, readable by its owner alone."""

    @model_validator(mode="after")
    def _know_all_three_files(self) -> "KafkaSettings":
        """Refuse to begin half secured: nothing falls back to what is less."""
        files = (self.kafka_ca_file, self.kafka_cert_file, self.kafka_key_file)
        if self.kafka_security_protocol == "SSL" and None in files:
            raise ValueError("KAFKA_SECURITY_PROTOCOL=SSL needs KAFKA_CA_FILE, KAFKA_CERT_FILE and KAFKA_KEY_FILE")
        return self

    @property
    def brokers(self) -> list[str]:
        """Return each broker on its own: FastStream takes a text for the address of one."""
        return self.kafka_bootstrap.split(",")


def connection(settings: KafkaSettings) -> dict[str, Any]:
    """Return the arguments by which any of aiokafka's clients reaches the broker."""
    return {
        "bootstrap_servers": settings.brokers,
        "security_protocol": settings.kafka_security_protocol,
        "ssl_context": _tls(settings),
    }


def security(settings: KafkaSettings) -> BaseSecurity:
    """Return the same for FastStream's broker."""
    return BaseSecurity(ssl_context=_tls(settings))


def _tls(settings: KafkaSettings) -> SSLContext | None:
    """Read the files anew each time: a renewed certificate serves from the next connection on."""
    if settings.kafka_security_protocol == "PLAINTEXT":
        return None
    context: SSLContext = create_ssl_context(
        cafile=settings.kafka_ca_file, certfile=settings.kafka_cert_file, keyfile=settings.kafka_key_file
    )
    return context
