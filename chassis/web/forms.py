"""Forms: only a page of our own may send one, and nobody who looks ahead."""

from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from chassis.problems import InvalidInput
from contracts.refusal import Refusal

FIELDS_AT_MOST = 250
"""The largest form is a list of twenty areas with ten fields each."""


class ForeignForm(Refusal):
    """A form was sent by another site's page, or by a browser that looks ahead."""

    slug = "foreign-form"
    status = 403
    title = "Formularen kom fra en anden side."
    todo = "Åbn siden igen fra beskeden, og svar dér. Intet er gemt."


def require_own_form(request: Request) -> None:
    """Refuse a form that does not come from one of our own pages.

    A browser says so in `Sec-Fetch-Site`; one from before 2023 in `Origin`, which is `null` under our referrer policy.
    Where neither is said it is no browser, and nobody's session can be abused: what counts is what the address holds.
    """
    if "prefetch" in request.headers.get("sec-purpose", "") + request.headers.get("purpose", ""):
        raise ForeignForm
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise ForeignForm
        return
    origin = request.headers.get("origin", "null")
    if origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForeignForm


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; of a field that comes twice, the last."""
    try:
        text = (await request.body()).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_AT_MOST, strict_parsing=bool(text)))
    except ValueError as error:
        raise InvalidInput from error
