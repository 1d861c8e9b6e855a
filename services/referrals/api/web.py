"""The pages of referrals: one set of templates, one look, and who has opened one."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials

from chassis.http import bearer
from chassis.identity import NotSignedIn, Principal
from chassis.web.pages import Pages
from chassis.web.sessions import signed_in_page
from services.referrals.domain.capacity import in_danish
from services.referrals.domain.moments import born_words, day_of, moment, when

PAGES = Pages("services.referrals.api")
PAGES.environment.filters |= {"day": in_danish, "moment": moment, "day_of": day_of, "born": born_words, "when": when}

ANYBODY = Principal(subject="", authority="public", kind="public")
"""Whoever has not signed in: row-level security shows them what is public, and nothing else."""

READ = ["GET", "HEAD"]


async def visitor(request: Request, said: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Principal:
    """Return who has opened a page that everybody may open: somebody who is signed in, or anybody."""
    try:
        return await signed_in_page(request, said)
    except NotSignedIn:
        return ANYBODY


Visitor = Annotated[Principal, Depends(visitor)]
