"""HTTP: the secretariats' and members' commands in, what is public and what is their own out."""

from fastapi import APIRouter

from chassis.web.sign_in import sign_in_routes
from services.councils.api import (
    actions,
    activities,
    agendas,
    agreements,
    area_editions,
    area_views,
    areas,
    bodies,
    comparison,
    corrections,
    desk,
    desk_agreed,
    desk_areas,
    desk_calendar,
    desk_following,
    desk_initiatives,
    desk_links,
    desk_mail,
    desk_meeting,
    desk_meeting_forms,
    desk_paper_forms,
    desk_papers,
    desk_plan,
    desk_plan_edit,
    desk_plan_facts,
    desk_plan_order,
    desk_plan_sheet,
    desk_plan_signing,
    desk_plan_versions,
    desk_plans,
    desk_point_forms,
    desk_requests,
    desk_seats,
    desk_year,
    goals,
    indicators,
    initiatives,
    invitations,
    links,
    local_plans,
    mailings,
    mandatory,
    meeting_actions,
    meetings,
    member_lists,
    minutes,
    minutes_files,
    oparl,
    open_schemas,
    papers,
    plan_making,
    plan_signing,
    plan_work,
    public,
    public_pages,
    publication,
    schools,
    seats,
    secretariat,
    vice_chair,
    withholding,
)
from services.councils.api.web import PAGES


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    of_meetings = [meetings.router, agendas.router, withholding.router, meeting_actions.router]
    of_meetings += [minutes_files.router, minutes.router, corrections.router, invitations.router]
    of_meetings += [mailings.router]
    of_areas = [areas.router, area_views.router, area_editions.router, mandatory.router, indicators.router]
    of_areas += [schools.router, area_editions.pages]
    of_follow_up = [goals.router, initiatives.router, actions.router, agreements.router, activities.router]
    of_seats = [bodies.router, seats.router, member_lists.router, vice_chair.router, links.router, links.pages]
    of_plans = [plan_making.router, plan_signing.router, plan_work.router, local_plans.router, secretariat.router]
    of_desk = [desk.pages, desk_year.pages, desk_papers.pages, desk_paper_forms.pages]
    of_desk += [desk_meeting.pages, desk_meeting_forms.pages]
    of_desk += [desk_point_forms.pages, desk_calendar.pages, desk_requests.pages, desk_agreed.pages]
    of_desk += [desk_plans.pages, desk_plan_edit.pages, desk_plan_facts.pages, desk_plan_versions.pages]
    of_desk += [desk_mail.pages, desk_following.pages, desk_initiatives.pages, desk_plan.pages, desk_seats.pages]
    of_desk += [desk_areas.pages]
    of_desk += [desk_plan_signing.pages, desk_plan_sheet.pages, desk_plan_order.pages, desk_links.pages]
    of_desk += [sign_in_routes(PAGES, "/sekretariat")]
    # Addresses that end in a kind of file come before those that would take the ending for a number.
    found = [
        publication.router,
        comparison.router,
        papers.router,
        *of_plans,
        public.router,
        *of_desk,
        *of_seats,
        *of_meetings,
        *of_areas,
        *of_follow_up,
        oparl.router,
        public_pages.router,
        PAGES.assets.router(),
    ]
    return [open_schemas.router_of(found), *found]
