"""The mail server of councils, as settings; what does not fit does not start."""

from pathlib import Path

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.smtp import MailServer


class MailSettings(BaseSettings):
    """How mail leaves; names are those of the environment variables, upper case, after `COUNCILS_MAIL_`."""

    model_config = SettingsConfigDict(
        env_prefix="COUNCILS_MAIL_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    base: str = Field(default="", pattern=r"^(|smtps?://[^/@\s]+)$")
    """Where the server is, as in `smtp://host:port`; without one mail waits."""
    sender: str = ""
    """The address that mail comes from; answers go to whom each council names."""
    credential: SecretStr = SecretStr("")
    credential_file: Path | None = None
    timeout_s: float = Field(default=15.0, gt=0, le=120)
    connect_s: float = Field(default=5.0, gt=0, le=60)
    at_once: int = Field(default=4, gt=0, le=64)
    """How many hand-overs are open at a time."""
    tries: int = Field(default=24, gt=0, le=1000)
    """After so many a person is told: with pauses that double up to an hour, most of a day."""
    first_pause_s: float = Field(default=30.0, gt=0)
    look_s: float = Field(default=5.0, gt=0)
    """How often it is looked for mail without being woken."""

    @model_validator(mode="after")
    def _fits(self) -> "MailSettings":
        if self.base and "@" not in self.sender:
            raise ValueError("a mail server without an address to send from")
        return self

    @property
    def server(self) -> MailServer:
        """Return the server, with the credential from its file where it has one."""
        file = self.credential_file
        credential = file.read_text(encoding="ascii").strip() if file else self.credential.get_secret_value()
        return MailServer(self.base, self.sender, credential, self.timeout_s, self.connect_s)
