"""The concerns service: what the weekly search (Socialsøg, plan §6.1) finds, and the underretninger that follow.

Owns police registrations of the predefined codes, the code list, the weekly search with its candidates, underretninger
and their acknowledgement clocks. Hears `PersonMerged` and `PersonShredded`. Tells what was imported, searched, found,
reviewed, sent, delivered, acknowledged and overdue, and which case and whose need is gone. See
docs/architecture/concerns.md.
"""
