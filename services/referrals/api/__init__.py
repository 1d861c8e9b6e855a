"""The HTTP routes of referrals."""

from fastapi import APIRouter

from chassis.web.sign_in import sign_in_routes
from services.referrals.api import (
    course_opening_pages,
    course_pages,
    directory,
    draft_pages,
    meeting_case_forms,
    meeting_forms,
    meeting_live,
    meeting_pages,
    offer_pages,
    rules,
    work_forms,
    work_list_page,
    work_pages,
)
from services.referrals.api.acts import router as acts
from services.referrals.api.capacity import router as capacity
from services.referrals.api.charges import router as charges
from services.referrals.api.consents import router as consents
from services.referrals.api.course_reading import router as course_reading
from services.referrals.api.courses import router as courses
from services.referrals.api.drafts import router as drafts
from services.referrals.api.evaluations import router as evaluations
from services.referrals.api.following import router as following
from services.referrals.api.forums import router as forums
from services.referrals.api.group_cases import router as group_cases
from services.referrals.api.group_help import router as group_help
from services.referrals.api.group_work import router as group_work
from services.referrals.api.meeting_cases import router as meeting_cases
from services.referrals.api.meetings import router as meetings
from services.referrals.api.offers import router as offers
from services.referrals.api.outreach import router as outreach
from services.referrals.api.passing_on import router as passing_on
from services.referrals.api.practitioners import router as practitioners
from services.referrals.api.referrals import router as referrals
from services.referrals.api.reports import router as reports
from services.referrals.api.tables import router as tables
from services.referrals.api.web import PAGES


def routers() -> list[APIRouter]:
    """Return all of them."""
    cases = [charges, offers, drafts, referrals, acts, consents, passing_on, following]
    groups = [forums, meetings, meeting_cases, group_cases, group_work, group_help]
    cases += [course_reading, courses, practitioners]
    return [*cases, *groups, outreach, reports, evaluations, directory.router, capacity, tables, rules.router, *pages()]


def pages() -> list[APIRouter]:
    """Return the pages, and the way in."""
    days = [meeting_pages.pages, meeting_forms.pages, meeting_case_forms.pages, meeting_live.pages]
    work = [work_list_page.pages, work_pages.pages, work_forms.pages, course_pages.pages]
    work += [draft_pages.pages, course_opening_pages.pages, offer_pages.pages]
    return [PAGES.assets.router(), sign_in_routes(PAGES, "/ordninger"), directory.pages, rules.pages, *days, *work]
