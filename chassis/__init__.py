"""What every service stands on: transactions, events out and in, deadlines, commands, identity, telemetry, health.

Knows the contracts and no service.
"""
