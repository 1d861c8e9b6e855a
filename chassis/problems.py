"""Problem documents (RFC 9457): every error that leaves a service, in Danish, with what to do."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from opentelemetry import trace
from starlette.exceptions import HTTPException

from chassis import metrics
from chassis.identity import Forbidden
from chassis.infrastructure import describe, is_of_the_house
from contracts.refusal import NotFound, Refusal

log = logging.getLogger(__name__)

TYPE_PREFIX = "https://samvirke.example/problems/"
RETRY_AFTER_S = 5


class InvalidInput(Refusal):
    """The request is not of the form that the route takes."""

    slug = "invalid-input"
    status = 422
    title = "Oplysningerne kan ikke bruges, som de er."
    todo = "Ret de nævnte felter, og send igen. Intet er gemt."


class MethodNotAllowed(Refusal):
    """The address is there, but not for this method."""

    slug = "method-not-allowed"
    status = 405
    title = "Adressen tager ikke imod denne metode."
    todo = "Brug en af de metoder, der står i svarets header Allow."


class TooLarge(Refusal):
    """The request, or one line of it, is larger than the route takes."""

    slug = "too-large"
    status = 413
    title = "Det sendte er for stort."
    todo = "Del det op, og send mindre ad gangen. Intet er gemt."


class Away(Refusal):
    """Something that the service needs is away for a moment."""

    slug = "temporarily-unavailable"
    status = 503
    title = "Tjenesten kan ikke svare lige nu."
    todo = "Prøv igen om lidt med samme Idempotency-Key. Intet er gået tabt eller halvt udført."


class Broken(Refusal):
    """Something failed that should not."""

    slug = "internal-error"
    status = 500
    title = "Der skete en fejl hos os."
    todo = "Prøv igen. Bliver det ved, så oplys sporets nummer (trace_id) til driften. Intet er halvt udført."


class ExerciseRefused(Refusal):
    """A live service was asked to take part in an exercise."""

    slug = "exercise-refused"
    title = "Denne tjeneste tager ikke imod øvelser."
    todo = "Send øvelsen til øvelsessystemet. Intet er gemt."


def answer_to(refusal: Refusal, **more: Any) -> JSONResponse:  # noqa: ANN401  any JSON
    """Return the HTTP answer to a refusal."""
    trace_id = noted(refusal)
    body = document(refusal) | {name: value for name, value in more.items() if value}
    if trace_id:
        body["trace_id"] = trace_id
    return JSONResponse(body, refusal.status, retry_after(refusal), media_type="application/problem+json")


def noted(refusal: Refusal) -> str | None:
    """Count a refusal and name it on the span; returns the trace's id where there is one."""
    metrics.REFUSALS.labels(refusal.slug).inc()
    current = trace.get_current_span()
    current.set_attribute("samvirke.problem", refusal.slug)
    context = current.get_span_context()
    return format(context.trace_id, "032x") if context.is_valid else None


def document(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as a problem document."""
    return {
        "type": TYPE_PREFIX + refusal.slug,
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.todo,
    } | refusal.facts


def retry_after(refusal: Refusal) -> dict[str, str] | None:
    """Return the header that says when to try again, where that makes sense."""
    retryable = refusal.status in {429, 503} or "retry_after" in refusal.facts
    return {"Retry-After": str(refusal.facts.get("retry_after", RETRY_AFTER_S))} if retryable else None


OnRefusal = Callable[[Request, Refusal], Awaitable[None]]
"""What happens before a refusal is answered; where it fails, the caller hears of that instead."""


def install(app: FastAPI, on_refusal: OnRefusal) -> None:
    """Answer every error of an application with a problem document."""

    async def refused(request: Request, error: Exception) -> JSONResponse:
        refusal = error if isinstance(error, Refusal) else _beyond(error)
        await on_refusal(request, refusal)
        return answer_to(refusal)

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(asyncpg.InsufficientPrivilegeError, refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def _beyond(error: Exception) -> Refusal:
    """Return what is told when the database itself refused a statement: rows of others are beyond the caller."""
    log.warning("the database refused a statement of a request", extra={"cause": describe(error)})
    return Forbidden()


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    # Where and what kind, never the value: it may be a person's number.
    fields = [{"field": ".".join(map(str, fault["loc"])), "fault": fault["type"]} for fault in faults[:20]]
    return answer_to(InvalidInput(), fields=fields)


async def _http(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error.__cause__, Refusal):
        # FastAPI wraps what reading a body raises.
        return answer_to(error.__cause__)
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == NotFound.status:
        return answer_to(NotFound())
    if status == MethodNotAllowed.status:
        return _other_method(request)
    return JSONResponse(document(InvalidInput()) | {"status": status}, status, media_type="application/problem+json")


def _other_method(request: Request) -> JSONResponse:
    """Name the methods of every route with this path: the router stops at the first."""
    path = request.url.path
    routes = (one for one in iter_route_contexts(request.app.routes) if one.methods and one.path_regex.match(path))
    answer = answer_to(MethodNotAllowed())
    answer.headers["Allow"] = ", ".join(sorted({method for one in routes for method in one.methods or ()}))
    return answer


def fault(error: Exception) -> Refusal:
    """Return what is told of an error that nobody expected."""
    return Away() if is_of_the_house(error) else Broken()
