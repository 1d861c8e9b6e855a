"""Alerting owns who is on call, how each is reached, and every alert until somebody has answered it.

It hears what must wake somebody (a new, urgent, overdue or corrected underretning) and erasures. It tells when an alert
is raised, answered or ended, when nobody at an office was reached, when the watchdog misses a delivery, and when a
roster changes. No name, number or text of an alert leaves it but to the person who is called.
"""
