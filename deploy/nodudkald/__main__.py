"""Call people in without Samvirke: `python -m deploy.nodudkald --list FILE --event ID --step … --what … --place …`.

docs/operations/nodudkald.md says in Danish how to use it at three in the morning.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from contracts.alerting.v1 import Urgency
from contracts.beredskabsstab.v1 import Step
from contracts.codes import Mode
from contracts.hverdage import DANISH_TIME
from contracts.refusal import Refusal
from deploy.nodudkald.book import Book
from deploy.nodudkald.calling import Calling
from deploy.nodudkald.choosing import Choice, Wish, choose, told
from deploy.nodudkald.gateway import Gateway, require_https, require_loopback
from deploy.nodudkald.listing import Refused, age, read_list
from services.alerting.domain.call_lists import CallList
from services.alerting.domain.emergency import Decision
from services.alerting.domain.texts import check, render

LINE = "=" * 78
OLD_S = 24 * 3600


def main(ask: Callable[[str], str] = input) -> int:
    """Show what would be done, ask for the one word that does it, and call; 0 when every office has answered."""
    options = _parser().parse_args()
    try:
        listed, sha256 = read_list(options.list, options.keys or options.list.with_name("verifiers"))
        _require_right_list(listed, exercise=options.exercise)
        wish = _wish(options)
        choice = choose(listed, wish)
        decision = _decision(options, listed, sha256, choice)
        check(decision.template, decision.fields)
        gateways = _gateways(options, listed)
        _show(listed, decision, gateways, told(listed, wish, datetime.now(UTC)))
        _show_missing(choice)
        word = "KALD" if listed.mode == Mode.LIVE else "ØVELSE"
        if ask(f"\nSkriv {word} og tryk Enter for at kalde. Alt andet afbryder: ").strip().upper() == word:
            return max(_call(options, listed, decision, gateways), _show_missing(choice))
        print("\nAfbrudt. Ingen er kaldt.")
    except Refused as refused:
        print(f"\n{refused}", file=sys.stderr)
    except Refusal as refusal:
        facts = " ".join(f"{name}: {value}" for name, value in refusal.facts.items())
        print(f"\n{refusal.title} {refusal.todo} {facts}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nodudkald", description=__doc__)
    parser.add_argument("--list", type=Path, required=True, help="the signed call list: kaldeliste.json")
    parser.add_argument("--keys", type=Path, help="the public keys that may sign it; beside the list by default")
    parser.add_argument("--event", required=True, help="the incident's own number: the same one is the same call")
    steps = [str(step) for step in Step if step.height]
    parser.add_argument("--step", choices=steps, help="everybody whom the framework plan calls at this step")
    parser.add_argument("--after", choices=steps, help="with --step: without those whom this step has called already")
    parser.add_argument("--role", action="append", default=[], help="with --step: this role only; may be repeated")
    parser.add_argument("--office", action="append", default=[], help="authority/office/role; may be repeated")
    parser.add_argument("--what", help="what has happened")
    parser.add_argument("--place", help="where to meet")
    parser.add_argument("--at", default=f"{datetime.now(DANISH_TIME):%H.%M}", help="when; now by default")
    parser.add_argument("--template", help="as the step has it, else call_in")
    parser.add_argument("--policy", help="as the step has it, else call_in")
    parser.add_argument("--wanted", choices=("first", "each"), default="each")
    parser.add_argument("--exercise", action="store_true", help="needs the list of an exercise")
    parser.add_argument("--provider", help="the one to ask first; else as the list has them")
    parser.add_argument("--ledger", type=Path, help="where to write what is done; go on with it after any end")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long to wait for answers")
    return parser


def _require_right_list(listed: CallList, *, exercise: bool) -> None:
    if exercise != (listed.mode == Mode.EXERCISE):
        wrong = "til øvelser" if listed.mode == Mode.EXERCISE else "til drift"
        raise Refused(f"Listen er {wrong}, og kaldet er det modsatte. Ingen er kaldt.")
    require_https(listed.providers)
    if listed.demonstration:
        require_loopback(listed.providers)


def _wish(options: argparse.Namespace) -> Wish:
    return Wish(options.office, options.step, options.after, options.role, options.template, options.policy)


def _decision(options: argparse.Namespace, listed: CallList, sha256: str, choice: Choice) -> Decision:
    filled = {"what": options.what, "place": options.place, "at": options.at if options.what else None}
    return Decision(
        at=datetime.now(UTC),
        list_number=listed.number,
        list_sha256=sha256,
        mode=listed.mode,
        raised_by=listed.raised_by,
        raised_by_office=listed.raised_by_office,
        source_event_id=options.event,
        template=choice.template,
        policy=choice.policy,
        wanted=options.wanted,
        urgency=Urgency.IMMEDIATE,
        fields={name: text for name, text in filled.items() if text},
        offices=choice.offices,
    )


def _gateways(options: argparse.Namespace, listed: CallList) -> list[Gateway]:
    names = [one.name for one in listed.providers]
    if not names or (options.provider and options.provider not in names):
        raise Refused(f"Udbyderen er ikke på listen. På listen står: {', '.join(names) or 'ingen'}. Ring fra listen.")
    ordered = sorted(listed.providers, key=lambda one: one.name != options.provider)
    found = [Gateway(one, secret) for one in ordered if (secret := _credential(one.name))]
    if not found:
        variable = _variable(names[0])
        raise Refused(f"Adgangsnøglen mangler: sæt {variable}, eller peg {variable}_FILE på filen med den.")
    return found


def _credential(name: str) -> str:
    """Return the credential for a provider: its own, or the one for all."""
    for variable in (_variable(name), _variable("credential")):
        file = os.environ.get(f"{variable}_FILE")
        secret = os.environ.get(variable) or (Path(file).read_text(encoding="utf-8").strip() if file else "")
        if secret:
            return secret
    return ""


def _variable(name: str) -> str:
    return f"NODUDKALD_{name.upper().replace('-', '_')}"


def _show(listed: CallList, decision: Decision, gateways: list[Gateway], plan: list[str]) -> None:
    """Print all that somebody must know before saying yes."""
    now = datetime.now(UTC)
    old = (now - listed.made_at).total_seconds() > OLD_S
    told = f"KALDELISTE NR. {listed.number}   ER   {age(listed, now).upper()}   GAMMEL{'   !!!' if old else ''}"
    print(f"{LINE}\n  {told}\n{LINE}")
    if old:
        print("  Listen er mere end et døgn gammel: spørg, om nogen har byttet vagt.")
    if listed.demonstration:
        print("  Demonstration, ikke en myndighed")
    print("  " + ("ØVELSE" if listed.mode == Mode.EXERCISE else "SKARPT KALD"))
    print("".join(f"  {line}\n" for line in plan), end="")
    text = _text(listed, decision)
    print(f"\nTekst: {text}\nFørste udbyder: {gateways[0].provider.name}\n\nFørst kaldes:")
    for office in decision.offices:
        duty = listed.duty(*office)
        first = [step for step in listed.policies[decision.policy] if duty and duty.whom(step.line, now)]
        people = [listed.person(who) for who in (duty.whom(first[0].line, now) if duty and first else ())]
        print(f"  {'/'.join(office)}: {', '.join(one.name for one in people if one) or 'INGEN PÅ LISTEN: ring selv'}")


def _show_missing(choice: Choice) -> int:
    """Print whom the plan calls and the list has nobody for; 1 where there is such a place."""
    for name in choice.missing:
        print(f"  {name}: IKKE PÅ LISTEN: ring selv")
    return bool(choice.missing)


def _text(listed: CallList, decision: Decision) -> str:
    return render(
        decision.template,
        decision.fields,
        channel="sms",
        letter="A",
        link="",
        mode=decision.mode,
        demonstration=listed.demonstration,
    ).body


def _call(options: argparse.Namespace, listed: CallList, decision: Decision, gateways: list[Gateway]) -> int:
    # Counted from the word that decided it.
    decision = decision.model_copy(update={"at": datetime.now(UTC)})
    file = options.ledger or Path(f"kaldebog-{decision.alert_id}.jsonl")
    book = Book(file, decision)
    print(f"Kaldebog: {file}{' (går videre, hvor den slap)' if book.resumed else ''}\n", flush=True)
    calling = Calling(listed, book, gateways, _say)
    ends = time.monotonic() + options.minutes * 60
    try:
        calling.resume()
        while time.monotonic() < ends and not calling.all_answered():
            calling.tick(datetime.now(UTC))
            time.sleep(0.5)
            calling.listen()
    except KeyboardInterrupt:
        print("\nAfbrudt. Kør igen med samme --event for at gå videre; ingen kaldes to gange.")
    calling.close()
    return max(_summary(calling, file), _show_left_out(decision, book))


def _show_left_out(decision: Decision, book: Book) -> int:
    """Print which offices a ledger that was gone on with does not call; 1 where there is one."""
    left_out = [one for one in decision.offices if one not in book.ledger.decision.offices]
    for office in left_out:
        print(f"  {'/'.join(office)}: IKKE KALDT, kaldebogen er begyndt uden. Kald med et nyt nummer, fx -2 til sidst.")
    return bool(left_out)


def _say(words: str) -> None:
    print(f"{datetime.now(DANISH_TIME):%H.%M.%S}  {words}", flush=True)


def _summary(calling: Calling, file: Path) -> int:
    messages = calling.book.ledger.messages.values()
    failed = [one for one in messages if one.failed]
    over = calling.all_answered()
    print(
        f"\n{LINE}\nAfleveret: {sum(1 for one in messages if one.handed_over)}. Mislykket: {len(failed)}. "
        f"{'Alle kontorer har svaret.' if over else 'NOGEN MANGLER: ring selv fra listen.'}"
    )
    print(f"Når Samvirke kører igen, flettes kaldebogen ind: {file}\nKontrolsum: {calling.book.ledger.head[:16]}")
    return 0 if over else 1


if __name__ == "__main__":
    sys.exit(main())
