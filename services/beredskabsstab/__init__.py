"""Beredskabsstab owns incidents, the framework plan, and the staff from its call-in to its evaluation (plan §5.3).

It hears from alerting who has answered. It tells when the staff is activated, changes its step, is called, has a quorum
or loses it, reserves a room, and ends. It informs and asks; it orders nobody, and sends no siren.
"""
