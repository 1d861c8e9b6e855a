"""Older editions of the ministry's lists, which everyone reads: what stood on each, and what entered and left since."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from contracts.refusal import NotFound
from services.councils.api.area_views import ListedView, ListView, Part, list_view, listed_view
from services.councils.api.caveat import OnAreas, published
from services.councils.api.public import EVERYONE, Number, Year
from services.councils.api.public_pages import READ, public_page
from services.councils.api.web import PAGES
from services.councils.domain.area_changes import changes
from services.councils.domain.areas import CAVEAT_DA, ListKind
from services.councils.store import area_views

router = APIRouter(tags=["områder"])
pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Since = Annotated[str | None, Query(pattern=r"^[2-9][0-9]{3}\.[1-9][0-9]{0,3}$")]
"""An earlier edition: `2022.1` is the first of the list of 2022."""
Row = dict[str, Any]


class EditionOfListView(Part):
    """One edition of a list."""

    year: int
    edition: int
    newest: bool
    """False: it was corrected, and stays as it was."""
    in_force: bool
    issuer: str
    source: str
    reason: str | None
    """Why it replaced the one before it."""
    imported_at: datetime


class EditionsView(OnAreas):
    """Every edition of a kind of list, the newest first."""

    kind: ListKind
    title: str
    editions: tuple[EditionOfListView, ...]


class CriterionView(ListedView):
    """An area on both editions of which the crime criterion is said otherwise."""

    before: bool | None


class ChangesView(Part):
    """What is different from an earlier edition; nothing of it says why an area came or went."""

    since: EditionOfListView
    entered: tuple[ListedView, ...]
    left: tuple[ListedView, ...]
    criterion: tuple[CriterionView, ...]
    unnamed_before: int
    unnamed_after: int
    """Areas without a name in the source: whether they are the same ones, nobody can say."""


class ListEditionView(OnAreas):
    """One edition of a list as it was entered, and what is different from an earlier one."""

    listed: ListView
    newest: bool
    imported_at: datetime
    changes: ChangesView | None
    """None: there is no earlier edition."""


@router.get("/area-lists/{list_kind}/editions", response_model=EditionsView)
async def read_editions(list_kind: ListKind, request: Request) -> Response:
    """Return every edition of a kind of list: none is deleted, and a correction says why."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await area_views.editions(tx, list_kind)
    editions = tuple(EditionOfListView.model_validate(one) for one in found)
    return published(
        request, EditionsView(caveat_da=CAVEAT_DA, kind=list_kind, title=list_kind.danish, editions=editions)
    )


@router.get("/area-lists/{list_kind}/{year}/editions/{number}", response_model=ListEditionView)
async def read_edition(
    list_kind: ListKind, year: Year, number: Number, request: Request, since: Since = None
) -> Response:
    """Return one edition of a list, and what entered and left since the one before it or since another earlier one."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        view, _ = await _edition(tx, list_kind, (year, number), since)
    return published(request, view)


@pages.api_route("/raad/omraader/lister/{list_kind}/{year}/{number}", methods=READ)
async def edition(list_kind: ListKind, year: Year, number: Number, request: Request, siden: Since = None) -> Response:
    """Show one edition of a list with what entered and left, and the way to every other edition."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        view, others = await _edition(tx, list_kind, (year, number), siden)
    shown = {
        "caveat": CAVEAT_DA,
        "kind": list_kind,
        "year": year,
        "of": view.listed,
        "edition": view,
        "editions": others,
    }
    return public_page(request, "public_area_edition.html", **shown)


async def _edition(
    tx: Tx, kind: ListKind, asked: tuple[int, int], since: str | None
) -> tuple[ListEditionView, list[Row]]:
    found = await area_views.edition(tx, kind, *asked)
    if found is None:
        raise NotFound
    known = await area_views.editions(tx, kind)
    view = ListEditionView(
        caveat_da=CAVEAT_DA,
        listed=list_view(kind, found),
        newest=found["newest"],
        imported_at=found["imported_at"],
        changes=await _changes(tx, kind, found, _earlier(known, asked, since)),
    )
    return view, known


def _earlier(known: list[Row], asked: tuple[int, int], since: str | None) -> tuple[int, int] | None:
    """Return the edition to compare with; NotFound where another one than an earlier edition is asked for."""
    before = [one for row in known if (one := (row["year"], row["edition"])) < asked]
    if since is None:
        return before[0] if before else None
    year, _, number = since.partition(".")
    if (wanted := (int(year), int(number))) not in before:
        raise NotFound
    return wanted


async def _changes(tx: Tx, kind: ListKind, found: Row, earlier: tuple[int, int] | None) -> ChangesView | None:
    older = await area_views.edition(tx, kind, *earlier) if earlier else None
    if older is None:
        return None
    said = changes(older["areas"], found["areas"])
    return ChangesView(
        since=EditionOfListView.model_validate(older),
        entered=tuple(listed_view(one) for one in said.entered),
        left=tuple(listed_view(one) for one in said.left),
        criterion=tuple(CriterionView(**dict(listed_view(one)), before=one["before"]) for one in said.criterion),
        unnamed_before=said.unnamed_before,
        unnamed_after=said.unnamed_after,
    )
