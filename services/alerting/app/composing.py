"""Writes the message of a delivery: its text, its link, and its letter where one is needed."""

from typing import TYPE_CHECKING

import orjson

from chassis.settings import Settings
from services.alerting.app.channels import Message
from services.alerting.app.dispatcher import Compose
from services.alerting.domain import texts
from services.alerting.domain.calling import FIRST_LETTER
from services.alerting.domain.links import Links

if TYPE_CHECKING:
    from asyncpg import Record


def composer(settings: Settings, links: Links) -> Compose:
    """Return who writes messages for an installation."""

    def compose(row: "Record") -> Message:
        link = "" if row["notice"] else links.address(row["call_id"])
        template = row["notice"] or row["template"]
        text = texts.render(
            template,
            orjson.loads(row["notice_fields"] if row["notice"] else row["fields"]),
            channel=row["channel"],
            letter=_letter(row),
            link=link,
            mode=settings.mode,
            demonstration=settings.demonstration,
        )
        return Message(
            key=row["key"],
            channel=row["channel"],
            call_id=row["call_id"],
            alert_id=row["alert_id"],
            address=row["address"],
            secret=row["secret"],
            text=text,
            template=template,
            urgency=row["urgency"],
            mode=settings.mode,
            link=link,
            at=row["claimed_at"],
        )

    return compose


def _letter(row: "Record") -> str | None:
    """Return the letter that a reply must begin with, where the person has, or had, another call open."""
    return row["letter"] if row["has_others"] or row["letter"] != FIRST_LETTER else None
