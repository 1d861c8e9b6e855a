"""Traces: one for a command and all that it sets off; a case is a tag on every span.

Names and attributes follow OpenTelemetry's messaging conventions 1.44 (status: development), pinned here. Span
attributes come from `ATTRIBUTES`; none is personal. The outbox row keeps the context in which its event was created,
and the consumer's span is its child, because a trace viewer that drops links must still tell the story.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from chassis.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.context import Context

ATTRIBUTES: Final = frozenset(
    {
        "messaging.system",
        "messaging.operation.name",
        "messaging.operation.type",
        "messaging.destination.name",
        "messaging.batch.message_count",
        "messaging.message.id",
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "error.type",
        "samvirke.case",
        "samvirke.event",
        "samvirke.deadline",
        "samvirke.problem",
    }
)
"""The registry: every span attribute that this system sets."""

MOST_LINKS = 32
_tracer = trace.get_tracer("samvirke")
_propagator = TraceContextTextMapPropagator()


def start(settings: Settings) -> TracerProvider | None:
    """Begin to export spans as the settings say; None when they say nowhere."""
    exporters = list(_exporters(settings))
    if not exporters:
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": settings.identity}))
    for exporter in exporters:
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    trace.set_tracer_provider(provider)
    return provider


def _exporters(settings: Settings) -> Iterator[SpanExporter]:
    # Imported where chosen: a process carries one exporter's memory, not all.
    if settings.otel_traces_exporter == "zipkin":
        from opentelemetry.exporter.zipkin.json import ZipkinExporter

        yield ZipkinExporter(endpoint=settings.otel_exporter_zipkin_endpoint)
    elif settings.otel_traces_exporter == "otlp":
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        yield OTLPSpanExporter()
    if settings.span_file:
        yield FileExporter(Path(settings.span_file))


class FileExporter(SpanExporter):
    """Appends each span as a line of JSON, so that tests and scans can read what was told."""

    def __init__(self, path: Path) -> None:
        """Write to this file."""
        self.path = path

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Append the spans."""
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(span.to_json(indent=None) + "\n" for span in spans)
        return SpanExportResult.SUCCESS


def current_traceparent() -> str | None:
    """Return the W3C context of the span under way, if it is recorded."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def context_of(traceparent: str | None) -> "Context | None":
    """Return a stored context to continue; None where there is none."""
    return _propagator.extract({"traceparent": traceparent}) if traceparent else None


def tag_case(case: UUID | str) -> None:
    """Tag the span under way with its case."""
    trace.get_current_span().set_attribute("samvirke.case", str(case))


@contextmanager
def creating(topic: str, case: UUID) -> Iterator[str | None]:
    """Span the creation of an event; yields the context that travels with it."""
    tag_case(case)
    attributes = _messaging("create", topic) | {"samvirke.case": str(case)}
    with _span(f"create {topic}", kind=SpanKind.PRODUCER, attributes=attributes):
        yield current_traceparent()


@contextmanager
def sending(topics: Sequence[str], traceparents: Sequence[str | None]) -> Iterator[Span]:
    """Span one batch on its way to the broker, linked to the creations of its first records."""
    links = [link for traceparent in traceparents[:MOST_LINKS] if (link := _link(traceparent))]
    name = topics[0] if len(set(topics)) == 1 else "several topics"
    attributes = _messaging("send", name) | {"messaging.batch.message_count": len(topics)}
    with _span(f"send {name}", kind=SpanKind.CLIENT, attributes=attributes, links=links) as current:
        yield current


@contextmanager
def processing(topic: str, event: str, case: UUID, traceparent: str | None) -> Iterator[Span]:
    """Span the handling of one record, as a child of its creation."""
    attributes = _messaging("process", topic) | {"samvirke.case": str(case), "samvirke.event": event}
    with _span(
        f"process {topic}", context=context_of(traceparent), kind=SpanKind.CONSUMER, attributes=attributes
    ) as current:
        yield current


@contextmanager
def span(
    name: str,
    attributes: Mapping[str, str | int] | None = None,
    *,
    traceparent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
) -> Iterator[Span]:
    """Span a piece of work; `traceparent` continues a trace that came from outside."""
    with _span(name, context=context_of(traceparent), kind=kind, attributes=dict(attributes or {})) as current:
        yield current


@contextmanager
def _span(
    name: str,
    *,
    kind: SpanKind,
    attributes: Mapping[str, str | int],
    context: "Context | None" = None,
    links: Sequence[Link] = (),
) -> Iterator[Span]:
    """Span what happens inside; an error marks it by its kind and leaves none of its text."""
    with _tracer.start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=dict(attributes),
        links=links,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except Exception as error:
            failed(current, error)
            raise


def failed(current: Span, error: BaseException) -> None:
    """Mark a span as failed by the error's kind; its text may hold data and stays out."""
    current.set_attribute("error.type", type(error).__name__)
    current.set_status(Status(StatusCode.ERROR))


def _messaging(operation: str, topic: str) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
    }


def _link(traceparent: str | None) -> Link | None:
    context = context_of(traceparent)
    return Link(trace.get_current_span(context).get_span_context()) if context else None
