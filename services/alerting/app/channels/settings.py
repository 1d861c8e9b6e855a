"""The providers of an installation and how fast they are, as settings; what does not fit does not start."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

NUMERIC = re.compile(r"\+?\d{4,15}")

KINDS = {"gateway": {"sms", "voice"}, "smtp": {"email"}, "push": {"push"}, "webhook": {"webhook"}}
"""Each kind of adapter, with the channels that it can serve."""

ChannelName = Literal["sms", "voice", "email", "push", "webhook"]


class ProviderSettings(BaseModel):
    """One provider of one channel; the first that is named for a channel is asked first."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    channel: ChannelName
    kind: Literal["gateway", "smtp", "push", "webhook"]
    base: str = ""
    """Where it is, as `https://host/path` or `smtp://host:port`; browsers and webhooks bring addresses of their own."""
    sender: str = ""
    """The number or address that a message comes from; for push services, whom they write to about us (mailto:…)."""
    credential: SecretStr = SecretStr("")
    credential_file: Path | None = None
    callback_secret: SecretStr = SecretStr("")
    """What its callbacks are signed with (Standard Webhooks), in base64; without one none is believed."""
    callback_secret_file: Path | None = None
    key_file: Path | None = None
    """For push: the VAPID key, 32 bytes in base64."""
    receipts: bool = False
    """It says when a message has arrived; one without a receipt in time is taken to another provider."""
    replies: bool = True
    """People answer to its sender."""
    poll: bool = False
    """Receipts are fetched, because its callbacks cannot come in."""
    per_second: float | None = Field(default=None, gt=0)
    """Its own limit of messages a second, where it has one."""
    at_once: int = Field(default=64, gt=0)
    """How many hand-overs are open at a time; for mail, how many connections."""
    timeout_s: float = Field(default=4.0, gt=0, le=30)
    connect_s: float = Field(default=2.0, gt=0, le=30)

    @model_validator(mode="after")
    def _fits(self) -> "ProviderSettings":
        if self.channel not in KINDS[self.kind]:
            raise ValueError(f"{self.name}: {self.kind} does not serve {self.channel}")
        if self.kind in {"gateway", "smtp"} and not self.base:
            raise ValueError(f"{self.name}: base is missing")
        if self.kind == "gateway" and self.replies and not NUMERIC.fullmatch(self.sender):
            raise ValueError(f"{self.name}: replies need a numeric sender; nobody can answer another one")
        return self

    @cached_property
    def password(self) -> str:
        """Return the credential, from its file where it has one."""
        return _kept(self.credential_file, self.credential)

    @cached_property
    def signed_with(self) -> str:
        """Return the secret of its callbacks, from its file where it has one."""
        return _kept(self.callback_secret_file, self.callback_secret)


def _kept(file: Path | None, value: SecretStr) -> str:
    return file.read_text(encoding="ascii").strip() if file else value.get_secret_value()


class DispatchSettings(BaseSettings):
    """How alerts leave; names are those of the environment variables, upper case, after `ALERTING_`."""

    model_config = SettingsConfigDict(env_prefix="ALERTING_", frozen=True, extra="ignore", hide_input_in_errors=True)

    providers: tuple[ProviderSettings, ...] = ()
    receipt_within_s: float = 10.0
    """How long a receipt is waited for before another provider takes the message."""
    expire_after_s: float = 3600.0
    """How long a message is tried."""
    provider_pause_s: float = 30.0
    """How long a provider that failed is not asked first."""
    look_s: float = 0.25
    """How often the dispatcher looks without being woken."""
    margin_s: float = 2.0
    """How much longer than its time-out a hand-over may last before its process is taken for dead."""
    poll_s: float = 2.0
    """How often receipts are fetched that cannot come by themselves."""

    @model_validator(mode="after")
    def _each_once(self) -> "DispatchSettings":
        names = [one.name for one in self.providers]
        if len(set(names)) != len(names):
            raise ValueError("two providers have one name")
        return self
