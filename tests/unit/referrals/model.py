"""A model of the machine, written by itself from the words of the issue: a table of ways, and what must be so for each.

It knows nothing of the service's code. Whatever it answers is a state or the slug of a refusal.
"""

from dataclasses import dataclass, field

TABLE = """
draft            | ask_consent       | sender   | awaiting_consent
draft            | request           | sender   | requested
awaiting_consent | give_consent      | person   | requested
awaiting_consent | decline_consent   | person   | withdrawn
requested        | receive           | system   | received
received         | accept            | receiver | accepted
received         | reject            | receiver | rejected
received         | reroute           | receiver | rerouted
accepted         | reroute           | receiver | rerouted
rerouted         | reroute_accepted  | system   | completed
rerouted         | reroute_ended     | system   | received
accepted         | begin             | receiver | in_progress
in_progress      | hold              | receiver | on_hold
on_hold          | resume            | receiver | in_progress
in_progress      | complete          | receiver | completed
on_hold          | complete          | receiver | completed
accepted         | fail              | receiver | failed
in_progress      | fail              | receiver | failed
on_hold          | fail              | receiver | failed
draft            | cancel            | sender   | cancelled
awaiting_consent | cancel            | sender   | cancelled
requested        | cancel            | sender   | cancelled
received         | cancel            | sender   | cancelled
rerouted         | cancel            | sender   | cancelled
accepted         | propose_cancel    | sender   | accepted
in_progress      | propose_cancel    | sender   | in_progress
on_hold          | propose_cancel    | sender   | on_hold
accepted         | agree_cancel      | receiver | cancelled
in_progress      | agree_cancel      | receiver | cancelled
on_hold          | agree_cancel      | receiver | cancelled
awaiting_consent | withdraw          | person   | withdrawn
requested        | withdraw          | person   | withdrawn
received         | withdraw          | person   | withdrawn
accepted         | withdraw          | person   | withdrawn
rerouted         | withdraw          | person   | withdrawn
in_progress      | withdraw          | person   | withdrawn
on_hold          | withdraw          | person   | withdrawn
withdrawn        | confirm_minimised | receiver | withdrawn
entered_in_error | confirm_minimised | receiver | entered_in_error
awaiting_consent | expire            | clock    | expired
requested        | expire            | clock    | expired
received         | expire            | clock    | expired
expired          | settle            | manager  | expired
draft            | enter_in_error    | manager  | entered_in_error
awaiting_consent | enter_in_error    | manager  | entered_in_error
requested        | enter_in_error    | manager  | entered_in_error
received         | enter_in_error    | manager  | entered_in_error
accepted         | enter_in_error    | manager  | entered_in_error
rejected         | enter_in_error    | manager  | entered_in_error
rerouted         | enter_in_error    | manager  | entered_in_error
in_progress      | enter_in_error    | manager  | entered_in_error
on_hold          | enter_in_error    | manager  | entered_in_error
completed        | enter_in_error    | manager  | entered_in_error
failed           | enter_in_error    | manager  | entered_in_error
cancelled        | enter_in_error    | manager  | entered_in_error
withdrawn        | enter_in_error    | manager  | entered_in_error
expired          | enter_in_error    | manager  | entered_in_error
"""

WAYS = {
    (before, action): (side, after)
    for before, action, side, after in (
        tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()
    )
}
STATES = {state for (state, _), (_, after) in WAYS.items() for state in (state, after)}
ACTIONS = {action for _, action in WAYS}
SIDES = {side for side, _ in WAYS.values()}
ENDS = {"rejected", "completed", "failed", "cancelled", "withdrawn", "expired", "entered_in_error"}

REASONED = {"reject", "reroute", "hold", "fail", "cancel", "propose_cancel", "settle", "enter_in_error"}
CODES = {
    "reject": {"not_target_group", "no_capacity", "too_little_known", "already_known", "wrong_receiver", "other"},
    "complete": {"finished", "guided", "agreement", "no_agreement", "recommended", "person_stopped"},
    "fail": {"could_not_reach", "interrupted", "not_possible"},
}
ANSWERS = {"give_consent": "given", "decline_consent": "declined", "withdraw": "withdrawn"}
TAKEN = {"accepted", "in_progress", "on_hold"}


@dataclass
class With:
    """What comes with an act."""

    text: bool = True
    code: str = ""
    of: str = ""
    review: bool = True
    attempts: int = 1
    late: bool = True
    """Whether the deadline has passed."""


@dataclass
class One:
    """A referral, as the model remembers it."""

    consents: dict[str, str]
    state: str = "draft"
    version: int = 1
    depth: int = 0
    proposed: bool = False
    taken: bool = False
    to_delete: bool = False
    settled: bool = False
    parent: "One | None" = None
    children: list["One"] = field(default_factory=list)
    walked: set[tuple[str, str]] = field(default_factory=set)

    def expect(self, action: str, side: str, given: With) -> str:
        """Return the refusal of an act, or nothing."""
        if side not in {way[0] for (_, name), way in WAYS.items() if name == action}:
            return "not-your-act"
        if (self.state, action) not in WAYS:
            return "not-in-this-state"
        if self._lacks(action, given):
            return "detail-missing"
        return self._forbids(action, given)

    def _lacks(self, action: str, given: With) -> bool:
        return (
            (action in REASONED and not given.text)
            or (action in CODES and given.code not in CODES[action])
            or (action in ANSWERS and not given.of)
            or (action == "hold" and not given.review)
            or (given.code == "could_not_reach" and not given.attempts)
        )

    def _forbids(self, action: str, given: With) -> str:
        before = {"give_consent": "asked", "decline_consent": "asked", "withdraw": "given"}
        if action in before and self.consents.get(given.of) != before[action]:
            return "consent-not-asked"
        if action == "ask_consent" and all(state == "given" for state in self.consents.values()):
            return "consent-not-asked"
        rules = {
            "request": (all(state == "given" for state in self.consents.values()), "consent-missing"),
            "reroute": (self.depth < 2, "passed-on-too-often"),
            "agree_cancel": (self.proposed, "nothing-proposed"),
            "confirm_minimised": (self.to_delete, "nothing-to-minimise"),
            "expire": (given.late, "not-due-yet"),
            "settle": (not self.settled, "already-settled"),
        }
        holds, slug = rules.get(action, (True, ""))
        return "" if holds else slug

    def do(self, action: str, given: With) -> None:
        """Do what was not refused."""
        before, (_, after) = self.state, WAYS[self.state, action]
        self._consent(action, given)
        if action == "give_consent" and set(self.consents.values()) != {"given"}:
            after = before
        had = self.taken or before in TAKEN | {"received", "rerouted"}
        if (action == "withdraw" and had) or (action == "enter_in_error" and had and before != "withdrawn"):
            self.to_delete = True
        if action == "confirm_minimised":
            self.to_delete = False
        self.settled = action == "settle"
        self.proposed = after in TAKEN and (self.proposed or action == "propose_cancel")
        self.taken = self.taken or after in TAKEN
        self.state, self.version = after, self.version + 1
        self.walked.add((before, action))

    def _consent(self, action: str, given: With) -> None:
        if action == "ask_consent":
            self.consents = {of: "asked" if state == "not_asked" else state for of, state in self.consents.items()}
        if action in ANSWERS:
            self.consents[given.of] = ANSWERS[action]

    def pass_on(self) -> "One":
        """Return the referral to the next receiver."""
        child = One(dict(self.consents), "requested", depth=self.depth + 1, parent=self)
        self.children.append(child)
        return child

    def follow(self) -> None:
        """Let what it was passed on from, and what it was passed on to, follow it."""
        above = self.parent
        if above and above.state == "rerouted" and self.state != "withdrawn":
            if self.state in TAKEN | {"completed"}:
                above.do("reroute_accepted", With())
                above.follow()
            elif self.state in ENDS:
                above.do("reroute_ended", With())
                above.follow()
        if self.state in {"cancelled", "entered_in_error"}:
            for child in self.children:
                if (child.state, "cancel") in WAYS:
                    child.do("cancel", With())
                    child.follow()

    def owed_by(self) -> str | None:
        """Return whose turn it is."""
        if self.to_delete:
            return "receiver"
        if self.state == "expired":
            return None if self.settled else "manager"
        if self.state in ENDS:
            return None
        return "sender" if self.state in {"draft", "awaiting_consent"} else "receiver"
