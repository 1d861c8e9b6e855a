"""The short timings of chaos: what takes a deployment minutes happens here within seconds."""

PROCESS = {
    "RELAY_ASK_S": "0.5",
    "RELAY_POLL_S": "0.1",
    "RELAY_IDLE_SESSION_S": "2",
    "RELAY_SEND_TIMEOUT_S": "5",
    "SESSION_TIMEOUT_MS": "3000",
    "REBALANCE_TIMEOUT_MS": "8000",
    "INBOX_BACK_OFF_S": "1",
    "INBOX_FETCH_WAIT_MS": "500",
    "DATABASE_POOL": "4",
}
"""What every process under test reads from its environment."""

QUIET_WITHIN_S = 60.0
"""The gate: all is quiet again so soon after the last fault."""

BITES_WITHIN_S = 40.0
"""How long a fault may take to show that it bit."""

STOPPED_S = 4.5
"""How long a process is stopped: past the session time-out and the relay's idle session."""

AWAY_S = 3.0
"""How long broker and database stay away."""

HELD_OPEN_S = 1.5
"""How long a slow transaction stays open."""

BROKER = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"}
"""What a broker that was killed is started with: its own earlier registration has to expire first."""

SERVER_WITHIN_S = 120.0
"""How long a server may take to come back."""
