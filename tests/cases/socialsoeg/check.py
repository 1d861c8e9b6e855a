#!/usr/bin/env python3
"""Check that worked Socialsøg cases parse and are consistent in themselves. Standard library and PyYAML only.

    python3 check.py [FOLDER or FILE ...]      default: the folder of this script

It checks form and references, and that an expectation does not contradict its own case (a child that is 18, a code that is not solo under R1, a revision that
is current twice, a municipality that the receiver does not fit). It does not search: it cannot find a candidate that an expectation forgot.
Exit status 1 and one line a finding when anything is wrong.
"""

import datetime as dt
import pathlib
import re
import sys
import zoneinfo

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ZONE = zoneinfo.ZoneInfo("Europe/Copenhagen")
KINDS = {
    "dwelling",
    "shelter",
    "asylum_centre",
    "hospital",
    "prison",
    "hostel",
    "student_hall",
    "residential_institution",
    "no_fixed_address",
}
STATUS = {"valid", "withdrawn", "disputed", "hold"}
EXCLUDED = {
    "withdrawn",
    "disputed",
    "investigative_hold",
    "adult_not_in_scope",
    "child_not_resolvable",
    "role_not_listed",
}
HUMAN = {"handlekommune_unknown", "child_lives_with_no_custody_holder", "address_unknown"}
DISTRICTS = set(
    "nordjylland oestjylland midt_og_vestjylland sydoestjylland syd_og_soenderjylland fyn sydsjaelland_og_lolland_falster "
    "midt_og_vestsjaelland nordsjaelland koebenhavns_vestegn koebenhavn bornholm".split()
)
KOMMUNER = set(
    """0101 0147 0151 0153 0155 0157 0159 0161 0163 0165 0167 0169 0173 0175 0183 0185 0187 0190 0201 0210 0217 0219 0223 0230 0240 0250 0253 0259
0260 0265 0269 0270 0306 0316 0320 0326 0329 0330 0336 0340 0350 0360 0370 0376 0390 0400 0410 0420 0430 0440 0450 0461 0479 0480 0482 0492 0510 0530 0540
0550 0561 0563 0573 0575 0580 0607 0615 0621 0630 0657 0661 0665 0671 0706 0707 0710 0727 0730 0740 0741 0746 0751 0756 0760 0766 0773 0779 0787 0791 0810
0813 0820 0825 0840 0846 0849 0851 0860""".split()
)
MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
SHAPES = {  # key of the case -> (required keys, optional keys) of its rows
    "custody": ("child holder from", "to"),
    "dwellings": ("person kind kommune from", "to dwelling building protected"),
    "placements": ("child handlekommune from", "to"),
    "registrations": (
        "id revision person code role occurred_on registered_at district status",
        "committed_at children_present pregnant",
    ),
    "sent_before": ("notification child source sent_at receiver registrations", "closed_at"),
    "runs": ("week starts_at expect", "replay approvals"),
}
EXPECT = {
    "candidates": ("child rules current history explanation", "known flags merges"),
    "suppressed": ("child current reason earlier", ""),
    "excluded": ("registration reason", ""),
    "corrections": ("child notification kind receiver because", ""),
}


def danish(day):
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def eighteen_on(born):
    """The day a person turns 18: 29 February becomes 1 March in a common year (README, Age)."""
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return dt.date(born.year + 18, 3, 1)


class Check:
    def __init__(self, path, codes):
        self.path, self.codes, self.found = path, codes, []

    def bad(self, text):
        self.found.append(f"{self.path.parent.name}/{self.path.name}: {text}")

    def keys(self, row, required, optional, where):
        if not isinstance(row, dict):
            self.bad(f"{where}: not a mapping")
            return False
        required, allowed = set(required.split()), set(required.split()) | set(optional.split())
        for key in sorted(required - set(row)):
            self.bad(f"{where}: {key} is missing")
        for key in sorted(set(row) - allowed):
            self.bad(f"{where}: {key} is not a known key")
        return required <= set(row)

    def moment(self, text, where):
        """A time with its offset, and the offset that Danish time has then."""
        try:
            value = dt.datetime.fromisoformat(text)
        except (TypeError, ValueError):
            self.bad(f"{where}: {text!r} is no quoted time with offset")
            return None
        if value.tzinfo is None or value.astimezone(ZONE).utcoffset() != value.utcoffset():
            self.bad(f"{where}: {text} has not the offset of Europe/Copenhagen")
            return None
        return value

    def day(self, value, where):
        if type(value) is not dt.date:
            self.bad(f"{where}: {value!r} is no date")
            return False
        return True

    def kommune(self, value, where):
        if not (isinstance(value, str) and re.fullmatch(r"\d{4}", value)):
            self.bad(f"{where}: kommunekode {value!r} is not four digits in quotes")
        elif value not in KOMMUNER:
            self.bad(f"{where}: kommunekode {value} is none of the 98")

    def run(self):
        try:
            case = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            self.bad(f"does not parse: {error}")
            return self.found
        if not self.keys(
            case,
            "case title covers ledger why code_list persons custody dwellings registrations runs",
            "placements sent_before",
            "case",
        ):
            return self.found
        if case["case"] != self.path.name[:2]:
            self.bad(f"case {case['case']!r} is not the number of the file name")
        if case["code_list"] != 1:
            self.bad("code_list: only version 1 exists")
        self.case = case
        for key, (required, optional) in SHAPES.items():
            for number, row in enumerate(case.get(key) or [], 1):
                if not self.keys(row, required, optional, f"{key} {number}"):
                    return self.found
        for check in (self.persons, self.periods, self.registrations, self.sent_before, self.runs):
            check()
        return self.found

    def persons(self):
        for letter, row in self.case["persons"].items():
            if not re.fullmatch(r"[A-Z][0-9]{0,2}", str(letter)) or letter in ("N", "Y"):
                self.bad(
                    f"person {letter!r}: a capital letter, digits after it at most; N and Y are booleans to some YAML readers"
                )
            if set(row) != {"born"}:
                self.bad(f"person {letter}: born and nothing else")
            self.day(row.get("born"), f"person {letter} born")

    def person(self, letter, where):
        if letter not in self.case["persons"]:
            self.bad(f"{where}: person {letter!r} does not exist")
            return False
        return True

    def periods(self):
        lives = {}
        for row in self.case["custody"]:
            self.person(row["child"], "custody"), self.person(row["holder"], "custody")
            self.period(row, f"custody of {row['child']}")
            if row["from"] < self.case["persons"][row["child"]]["born"]:
                self.bad(f"custody of {row['child']} begins before birth")
        for row in self.case["dwellings"]:
            where = f"dwelling of {row['person']}"
            self.person(row["person"], where)
            self.period(row, where)
            if row["kommune"] is not None:
                self.kommune(row["kommune"], where)
            if row["kind"] not in KINDS:
                self.bad(f"{where}: kind {row['kind']!r}")
            if (row["kind"] == "no_fixed_address") != ("dwelling" not in row):
                self.bad(f"{where}: every kind but no_fixed_address has a dwelling id")
            for other in lives.get(row["person"], []):
                if row["from"] < other.get("to", dt.date.max) and other["from"] < row.get("to", dt.date.max):
                    self.bad(f"{where}: two addresses at once")
            lives.setdefault(row["person"], []).append(row)
        same = {}
        for row in self.case["dwellings"]:
            facts = (row["kind"], row["kommune"], row.get("building"))
            if "dwelling" in row and same.setdefault(row["dwelling"], facts) != facts:
                self.bad(f"dwelling {row['dwelling']} has two kinds, municipalities or buildings")
        for row in self.case.get("placements") or []:
            self.person(row["child"], "placement")
            self.period(row, f"placement of {row['child']}")
            if row["handlekommune"] is not None:
                self.kommune(row["handlekommune"], f"placement of {row['child']}")

    def period(self, row, where):
        if (
            self.day(row["from"], f"{where} from")
            and "to" in row
            and self.day(row["to"], f"{where} to")
            and row["to"] <= row["from"]
        ):
            self.bad(f"{where}: to is not after from")

    def registrations(self):
        self.revisions = {}
        for row in self.case["registrations"]:
            where = f"registration {row['id']} revision {row['revision']}"
            self.person(row["person"], where)
            if row["role"] not in {"G", "F", "I"}:
                self.bad(f"{where}: role {row['role']!r}")
            if row["code"] not in self.codes and not re.fullmatch(r"X\d\d", row["code"]):
                self.bad(f"{where}: code {row['code']!r} is neither listed nor one of the unlisted X01 to X99")
            if row["status"] not in STATUS:
                self.bad(f"{where}: status {row['status']!r}")
            if row["district"] not in DISTRICTS:
                self.bad(f"{where}: district {row['district']!r}")
            registered = self.moment(row["registered_at"], f"{where} registered_at")
            committed = self.moment(row.get("committed_at", row["registered_at"]), f"{where} committed_at")
            if not (registered and committed and self.day(row["occurred_on"], f"{where} occurred_on")):
                continue
            if committed < registered or registered.date() < row["occurred_on"]:
                self.bad(f"{where}: occurred, registered, committed is not their order")
            for child in row.get("children_present", []):
                if child != "unknown" and self.person(child, where) and not self.is_child(child, row["occurred_on"]):
                    self.bad(f"{where}: {child} was no child on {row['occurred_on']}")
            fact = {key: value for key, value in row.items() if key not in ("committed_at",)}
            known = self.revisions.setdefault(row["id"], {}).setdefault(
                row["revision"], {"fact": fact, "committed": committed}
            )
            if known["fact"] != fact:
                self.bad(f"{where} comes twice and differs; a redelivery differs in committed_at at most")
            known["committed"] = min(known["committed"], committed)
        for name, revisions in self.revisions.items():
            if sorted(revisions) != list(range(1, len(revisions) + 1)):
                self.bad(f"registration {name}: revisions are not 1, 2, 3 …")

    def is_child(self, letter, day):
        born = self.case["persons"][letter]["born"]
        return born <= day < eighteen_on(born)

    def seen(self, name, start):
        """Number and fact of the newest revision of a registration that was committed before a run started."""
        there = [number for number, row in self.revisions[name].items() if row["committed"] < start]
        return (max(there), self.revisions[name][max(there)]["fact"]) if there else (0, None)

    def ids(self, names, where):
        if len(set(names)) != len(names):
            self.bad(f"{where}: an id stands twice")
        for name in names:
            if name not in self.revisions:
                self.bad(f"{where}: registration {name!r} does not exist")
        return all(name in self.revisions for name in names)

    def sent_before(self):
        self.sent = {}
        for row in self.case.get("sent_before") or []:
            where = f"sent_before {row['notification']}"
            (
                self.person(row["child"], where),
                self.kommune(row["receiver"], where),
                self.ids(row["registrations"], where),
            )
            if row["source"] not in {"socialsoeg", "direkte"}:
                self.bad(f"{where}: source {row['source']!r}")
            closed = self.moment(row["closed_at"], where) if "closed_at" in row else None
            self.sent[row["notification"]] = {
                "child": row["child"],
                "receiver": row["receiver"],
                "registrations": row["registrations"],
                "at": self.moment(row["sent_at"], where),
                "closed": closed,
            }

    def runs(self):
        self.claimed, self.candidates, originals, last = {}, {}, {}, None
        for run in self.case["runs"]:
            where, start = f"run {run['week']}", self.moment(run["starts_at"], f"run {run['week']}")
            found = re.fullmatch(r"(\d{4})-W(\d\d)", str(run["week"]))
            try:
                monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
            except (TypeError, ValueError):
                self.bad(f"{where}: no ISO week")
                continue
            if start is None:
                continue
            if start.date() <= monday + dt.timedelta(6):
                self.bad(f"{where}: starts before its week has ended")
            if last and start <= last:
                self.bad(f"{where}: does not start after the run before it")
            last = start
            expect = run["expect"]
            self.keys(expect, "candidates", "suppressed excluded corrections dropped review_together", where)
            well_formed = all(
                [self.keys(row, *EXPECT[part], f"{where} {part}") for part in EXPECT for row in expect.get(part) or []]
            )
            if not well_formed:
                continue
            if run.get("replay"):
                if run["week"] not in originals or originals[run["week"]]["expect"] != expect or run.get("approvals"):
                    self.bad(f"{where}: a replay gives what the run gave, and nothing is approved on it")
                continue
            if run["week"] in originals:
                self.bad(f"{where}: the week runs twice and is not marked replay")
            originals[run["week"]] = run
            self.expectation(expect, where, run["week"], monday + dt.timedelta(6), start)
            for row in run.get("approvals") or []:
                if self.keys(row, "child approved_at expect", "", f"{where} approvals"):
                    self.approval(row, f"{where} approval of {row['child']}", start)

    def expectation(self, expect, where, week, sunday, start):
        listed = [row["child"] for row in expect["candidates"]]
        if len(set(listed)) != len(listed):
            self.bad(f"{where}: a child is a candidate twice")
        for row in expect["candidates"]:
            self.candidate(row, f"{where} candidate {row['child']}", week, sunday, start)
        for row in expect.get("suppressed") or []:
            at = f"{where} suppressed {row['child']}"
            if row["reason"] != "suppressed_known" or not self.ids(row["current"], at):
                self.bad(f"{at}: reason is suppressed_known")
                continue
            told = {name for note in row["earlier"] for name in self.sent.get(note, {}).get("registrations", [])}
            if not set(row["current"]) <= told or any(
                self.sent.get(note, {}).get("child") != row["child"] for note in row["earlier"]
            ):
                self.bad(f"{at}: the earlier notifications do not tell all that is current")
            self.claim(row["current"], at, week, sunday, start)
        for row in expect.get("excluded") or []:
            at = f"{where} excluded {row['registration']}"
            if row["reason"] not in EXCLUDED or not self.ids([row["registration"]], at):
                self.bad(f"{at}: reason {row['reason']!r}")
                continue
            fact = self.claim([row["registration"]], at, week, sunday, start)[0]
            status = {"withdrawn": "withdrawn", "disputed": "disputed", "investigative_hold": "hold"}.get(
                row["reason"], "valid"
            )
            if fact and fact["status"] != status:
                self.bad(f"{at}: the newest revision is {fact['status']}")
            if (
                fact
                and fact["code"] in self.codes
                and (row["reason"] == "role_not_listed") != (fact["role"] not in self.codes[fact["code"]]["roles"])
            ):
                self.bad(f"{at}: role {fact['role']} of {fact['code']}")
        for code, count in (expect.get("dropped") or {}).items():
            if code in self.codes or not isinstance(count, int):
                self.bad(f"{where}: dropped {code} is a listed code")
        for row in expect.get("corrections") or []:
            at = f"{where} {row['kind']} of {row['notification']}"
            note = self.sent.get(row["notification"])
            if (
                row["kind"] not in {"correction", "retraction"}
                or not note
                or note["child"] != row["child"]
                or note["receiver"] != row["receiver"]
            ):
                self.bad(f"{at}: not what was sent, about whom and to whom")
            elif not set(row["because"]) <= set(note["registrations"]):
                self.bad(f"{at}: because names what was not told")
        for group in expect.get("review_together") or []:
            if not set(group) <= set(listed) or len(group) < 2:
                self.bad(f"{where}: review_together {group} are not all candidates of this run")

    def claim(self, names, where, week, sunday, start):
        """Each id as the run sees it; a revision is searched in one run only."""
        facts = []
        for name in names:
            number, fact = self.seen(name, start)
            if fact is None or fact["occurred_on"] > sunday:
                self.bad(f"{where}: the run does not see {name}")
            elif self.claimed.setdefault((name, number), week) != week:
                self.bad(f"{where}: {name} revision {number} was searched in {self.claimed[name, number]}")
            facts.append(fact)
        return facts

    def candidate(self, row, where, week, sunday, start):
        if (
            not row["current"]
            or set(row["current"]) & set(row["history"])
            or not self.ids(row["current"] + row["history"], where)
        ):
            self.bad(f"{where}: current is empty, or an id is wrong or in both lists")
            return
        unborn = str(row["child"]).startswith("unborn:")
        if not self.person(row["child"].split(":")[1] if unborn else row["child"], where):
            return
        current = self.claim(row["current"], where, week, sunday, start)
        history = [self.seen(name, start)[1] for name in row["history"]]
        if None in current + history:
            return
        for fact in current + history:
            if (
                fact["status"] != "valid"
                or fact["code"] not in self.codes
                or fact["role"] not in self.codes[fact["code"]]["roles"]
            ):
                self.bad(f"{where}: {fact['id']} is not valid, its code not listed or its role not the code's")
                return
        self.rules(row, where, current, history, unborn)
        if not unborn:
            if not all(self.is_child(row["child"], fact["occurred_on"]) for fact in current):
                self.bad(f"{where}: no child on the day of the event")
            birthday = eighteen_on(self.case["persons"][row["child"]]["born"])
            if ("turns_18" in row.get("flags", [])) != (birthday <= sunday):
                self.bad(f"{where}: turns 18 on {birthday}")
        if set(row.get("flags", [])) - {"turns_18"}:
            self.bad(f"{where}: flags {row['flags']}")
        told = {
            name
            for note in self.sent.values()
            if note["child"] == row["child"] and note["at"] < start
            for name in note["registrations"]
        }
        if set(row.get("known", [])) != told & set(row["current"] + row["history"]) or set(row["current"]) <= told:
            self.bad(f"{where}: known is {sorted(told & set(row['current'] + row['history']))}")
        for merged in row.get("merges", []):
            if (merged, row["child"]) not in self.candidates:
                self.bad(f"{where}: no candidate of {merged} to merge with")
        self.candidates[week, row["child"]] = row
        self.explanation(row, where, current + history)

    def rules(self, row, where, current, history, unborn):
        rules = row["rules"]
        if not rules or rules != sorted(set(rules)) or not set(rules) <= {"R1", "R2", "R3", "R4", "R5", "R6"}:
            self.bad(f"{where}: rules {rules}")
        all_facts = current + history
        drink = [fact["person"] for fact in all_facts if fact["code"] in ("G11", "G12")]
        repeated = {
            fact["person"] for fact in current if sum(other["person"] == fact["person"] for other in all_facts) > 1
        }
        possible = {
            "R1": any(self.codes[fact["code"]]["solo"] for fact in current) and not unborn,
            "R2": any(row["child"] in fact.get("children_present", []) for fact in current),
            "R3": bool(repeated),
            "R4": len({fact["person"] for fact in all_facts}) > 1,
            "R5": unborn
            and any(fact.get("pregnant") and fact["person"] == row["child"].split(":")[1] for fact in current),
            "R6": any(fact["code"] in ("G11", "G12") and drink.count(fact["person"]) > 1 for fact in current),
        }
        for rule in rules:
            if not possible.get(rule):
                self.bad(f"{where}: {rule} cannot hold on {row['current']} and {row['history']}")
        for rule in ("R1", "R2"):
            if possible[rule] and rule not in rules:
                self.bad(f"{where}: {rule} holds and is not listed")

    def explanation(self, row, where, facts):
        text = row["explanation"]
        if not isinstance(text, str) or not text.endswith(".") or re.search(r"\.\s+[A-ZÆØÅ]", text):
            self.bad(f"{where}: explanation is not one sentence")
            return
        for fact in facts:
            for part in (f"({fact['id']})", danish(fact["occurred_on"]), self.codes[fact["code"]]["label"]):
                if part not in text:
                    self.bad(f"{where}: explanation lacks {part!r}")
        if re.search(r"\b0\d{3}\b", text):
            self.bad(f"{where}: explanation names a municipality")

    def approval(self, row, where, start):
        at, expect = self.moment(row["approved_at"], where), row["expect"]
        if at is None or not self.keys(
            expect, "kind", "notification receiver reason registrations refers_to protected_address not_named", where
        ):
            return
        mine = [(week, found) for (week, child), found in self.candidates.items() if child == row["child"]]
        if at <= start or not mine:
            self.bad(f"{where}: no candidate, or approved before the run")
            return
        if expect["kind"] == "not_sent":
            if expect.get("reason") != "ground_fell" or "receiver" in expect:
                self.bad(f"{where}: not_sent has the reason ground_fell and no receiver")
            return
        week, newest = mine[-1]
        names = set(newest["current"] + newest["history"])
        for merged in newest.get("merges", []):
            names |= set(
                self.candidates[merged, row["child"]]["current"] + self.candidates[merged, row["child"]]["history"]
            )
        if set(expect.get("registrations", [])) != names:
            self.bad(f"{where}: registrations are not {sorted(names)}")
        earlier = {name: note for name, note in self.sent.items() if note["child"] == row["child"]}
        is_open = [name for name, note in earlier.items() if note["closed"] is None or note["closed"] > at]
        if expect["kind"] not in {"new", "supplement"} or (expect["kind"] == "supplement") != bool(is_open):
            self.bad(f"{where}: kind {expect['kind']} with {is_open} open")
        if set(expect.get("refers_to", [])) != set(earlier):
            self.bad(f"{where}: refers_to is not {sorted(earlier)}")
        if expect.get("notification") in self.sent or not re.fullmatch(r"N\d+", str(expect.get("notification"))):
            self.bad(f"{where}: notification {expect.get('notification')!r}")
        self.receiver(row["child"], at.astimezone(ZONE).date(), expect, where)
        self.sent[expect["notification"]] = {
            "child": row["child"],
            "receiver": expect.get("receiver"),
            "registrations": expect.get("registrations", []),
            "at": at,
            "closed": None,
        }

    def receiver(self, child, day, expect, where):
        """Not the decision table; only that a named municipality occurs in the child's own facts of that day."""
        receiver = expect.get("receiver")
        if receiver == "human":
            if expect.get("reason") not in HUMAN:
                self.bad(f"{where}: reason {expect.get('reason')!r}")
            return
        self.kommune(receiver, where)
        if "reason" in expect:
            self.bad(f"{where}: reason belongs to human")

        def on_day(rows):
            return [row for row in rows or [] if row["from"] <= day and ("to" not in row or day < row["to"])]

        mine = [row for row in on_day(self.case["dwellings"]) if row["person"] == child]
        placed = [row["handlekommune"] for row in on_day(self.case.get("placements")) if row["child"] == child]
        if receiver not in placed + [row["kommune"] for row in mine]:
            self.bad(f"{where}: receiver {receiver} is not in the child's facts of {day}")
        if bool(expect.get("protected_address")) != any(row.get("protected") for row in mine):
            self.bad(f"{where}: protected_address does not fit the child's address of {day}")


def main(arguments):
    codes = yaml.safe_load((HERE / "code-list-v1.yaml").read_text(encoding="utf-8"))["entries"]
    files = []
    for argument in arguments or [str(HERE)]:
        path = pathlib.Path(argument)
        files += sorted(path.glob("[0-9][0-9]-*.yaml")) if path.is_dir() else [path]
    findings = [line for path in files for line in Check(path, codes).run()]
    print("\n".join(findings) if findings else f"{len(files)} cases, nothing wrong")
    return 1 if findings or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
