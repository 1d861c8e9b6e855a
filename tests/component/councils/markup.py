"""What a browser was sent, as it was sent: the browser itself mends what is wrong before anybody can look at it."""

from playwright.sync_api import Page, Response

SEEN: dict[str, str] = {}
"""The pages that were looked at, by a name; the Nu validator is asked once about all of a file."""
_last: dict[Page, Response] = {}
FOUND_ELSEWHERE = range(300, 400)


def watch(page: Page) -> None:
    """Keep the last page that was sent, be it asked for or the answer to a form."""
    page.on("response", _keep)


def look_at(page: Page, name: str) -> None:
    """Note the page as it was sent."""
    SEEN[f"{len(SEEN):02}-{name}"] = _last[page].text()


def _keep(answer: Response) -> None:
    if answer.request.resource_type == "document" and answer.status not in FOUND_ELSEWHERE:
        _last[answer.frame.page] = answer
