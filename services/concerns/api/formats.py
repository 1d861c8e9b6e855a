"""An edition as JSON, as a page and as a PDF; page and PDF say the same, for both are made from one `Page`."""

import base64
import hashlib
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from chassis.typesetting import typeset
from contracts.refusal import Refusal
from services.concerns.domain.document import as_bytes
from services.concerns.domain.editions import Edition
from services.concerns.domain.page import Page, full_page, parent_page
from services.concerns.domain.parts import Content
from services.concerns.domain.wording import read_code

_STYLE = (files(__package__) / "edition.css").read_text(encoding="utf-8")
TEMPLATE = Path(__file__).with_name("edition.typ")
"""How an edition is set."""


class Format(StrEnum):
    """How an edition is written."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """Return what stands in `Content-Type`."""
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
}

HEADERS = {
    Format.JSON: {},
    Format.HTML: {
        # Nothing but this one style sheet may act on the page.
        "Content-Security-Policy": (
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"
            f"{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
        ),
        "Content-Language": "da",
    },
    Format.PDF: {"Content-Language": "da", "Content-Disposition": 'inline; filename="underretning.pdf"'},
}


class NotAcceptable(Refusal):
    """There is no such form."""

    slug = "not-acceptable"
    status = 406
    title = "Underretningen findes ikke i det format."
    todo = "Bed om application/json, text/html eller application/pdf, eller angiv format=json, html eller pdf."


def read_format(stated: str | None, accept: str | None) -> Format:
    """Return the form that somebody wants: stated, or the first that `Accept` names; JSON where nothing is said."""
    if stated:
        return read_code(Format, "format", stated)
    named = [one.partition(";")[0].strip().lower() for one in (accept or "*/*").split(",")]
    known = {kind.partition(";")[0]: one for one, kind in MEDIA_TYPES.items()} | {"*/*": Format.JSON}
    found = [known[one] for one in named if one in known]
    if not found:
        raise NotAcceptable
    return found[0]


async def written(edition: Content, form: Format) -> bytes:
    """Return the exact bytes of an edition: the same content gives the same bytes, and so the same checksum."""
    if form is Format.JSON:
        return as_bytes(edition)
    page = parent_page(edition) if edition["edition"] == Edition.PARENT else full_page(edition)
    return as_html(page) if form is Format.HTML else await as_pdf(page)


def as_html(page: Page) -> bytes:
    """Return the page for a browser: no script, one style sheet, everything escaped."""
    return _template.render(page=page.as_json(), style=_STYLE).encode()


async def as_pdf(page: Page) -> bytes:
    """Return the tagged PDF; ServiceAway when typesetting does not come to an end."""
    return await typeset(TEMPLATE, page.as_json())


_template = Environment(
    loader=PackageLoader(__package__, "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("edition.html")
