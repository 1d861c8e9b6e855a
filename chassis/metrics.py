"""The metrics that matter, for Prometheus. Labels are codes, never ids or persons."""

from prometheus_client import Counter, Gauge, Histogram

OUTBOX_AGE = Gauge("outbox_oldest_seconds", "Age of the oldest row that waits to be published", ["shard"])
OUTBOX_PARKED = Gauge("outbox_parked_keys", "Keys whose record the broker refuses")
RELAY_LEADS = Gauge("relay_leads", "1 while this process publishes the shard", ["shard"])
RELAY_SENT = Counter("relay_sent_total", "Records that the broker has acknowledged", ["shard"])
RELAY_FAILURES = Counter("relay_failures_total", "Batches that had to be sent again", ["shard"])
INBOX_HANDLED = Counter("inbox_handled_total", "Records handled for the first time", ["topic"])
INBOX_REPEATED = Counter("inbox_repeated_total", "Records that had been handled before", ["topic"])
INBOX_IGNORED = Counter("inbox_ignored_total", "Records of a type that nobody here reacts to", ["topic"])
INBOX_PARKED = Counter("inbox_parked_total", "Records parked", ["topic", "cause"])
INBOX_RETRIES = Counter("inbox_retries_total", "Polls repeated because the service's own house was away", ["topic"])
INBOX_LAG = Gauge("inbox_lag_seconds", "Age of the newest record when it was handled", ["topic"])
INBOX_OLDEST = Gauge("inbox_oldest_unhandled_seconds", "Age, at most, of the oldest record that waits here", ["topic"])
DEADLINES_FIRED = Counter("deadlines_fired_total", "Deadlines fired", ["kind"])
DEADLINES_FAILED = Counter("deadlines_failed_total", "Deadlines whose work failed and is tried again", ["kind"])
DEADLINES_OVERDUE = Gauge("deadlines_overdue", "Deadlines that are due and not fired", ["kind"])
PARKED_NOW = Gauge("parked_messages", "Messages that wait for an operator", ["cause"])
DATABASE_ANSWERS = Gauge("database_answers", "1 while the service's database answers; 0 leaves the other gauges old")
LOG_UNSAVED = Gauge(
    "database_log_unsaved_seconds", "Since when a server's log is not archived; 0 while nothing fails", ["server"]
)
CLOSINGS_MISMATCHED = Gauge("audit_closings_mismatched", "Closed days that the audit log does not confirm", ["name"])
AUDIT_LOG_CHANGED = Gauge("audit_log_changed", "1 while the audit log is not what was signed before")
AUDIT_LOOKS_FAILED = Counter("audit_looks_failed_total", "Looks at closings or checkpoints that failed")
HAND_OVERS = Counter("hand_overs_total", "Messages that a provider was asked to take", ["provider", "outcome"])
EMERGENCY_SIGN_INS = Counter("emergency_sign_ins_total", "Sign-ins by a sealed code, without the identity provider")
REFUSALS = Counter("refusals_total", "Requests refused, by problem", ["problem"])
REQUESTS = Histogram(
    "http_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30),
)
