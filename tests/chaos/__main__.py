"""`python -m tests.chaos`: 500 commands, 20 faults, two kill matrices, 1,000 referrals, twelve broken variants.

The status is 1 unless all is as it must be.
"""

import argparse
import json
import random
import sys
import time
from itertools import cycle, islice

from deploy.local.topics import DOMAIN_PARTITIONS
from tests.chaos import alerting, emergency, journey, mechanism, referrals, staff, variants
from tests.chaos.alerting_checker import STEP_WITHIN_S, AlertingEvidence, AlertingFindings, check_alerting
from tests.chaos.faults import MECHANISM
from tests.chaos.result import Result
from tests.chaos.say import say
from tests.chaos.staff_checker import FIRST_WITHIN_S, StaffEvidence, StaffFindings, check_staff
from tests.chaos.timings import PROCESS, QUIET_WITHIN_S
from tests.probe.world import make_probe
from tests.stack import Stack


def main() -> int:
    """Run everything and print the verdict, last as one line of JSON."""
    options = _options()
    say(f"seed {options.seed}; timings: " + ", ".join(f"{name}={value}" for name, value in PROCESS.items()))
    stack = Stack(partitions=DOMAIN_PARTITIONS)
    try:
        stack.start()
        make_probe(stack)
        say("Kafka, PostgreSQL and identity run")
        return _run(stack, options)
    finally:
        stack.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--commands", type=int, default=500)
    parser.add_argument("--faults", type=int, default=20)
    parser.add_argument("--only", default="", help="only the faults in whose name this stands")
    parser.add_argument("--no-journey", dest="journey", action="store_false", help="without the second layer")
    parser.add_argument("--no-alerting", dest="alerting", action="store_false", help="without the third layer")
    parser.add_argument("--no-staff", dest="staff", action="store_false", help="without the fourth layer")
    parser.add_argument("--referrals", type=int, default=referrals.REFERRALS, help="how many; 0: not the fifth layer")
    parser.add_argument("--variants", nargs="*", default=list(variants.PLAYS), choices=list(variants.PLAYS))
    return parser.parse_args()


def _run(stack: Stack, options: argparse.Namespace) -> int:
    rng = random.Random(options.seed)  # noqa: S311  a seed makes the run repeatable
    result, reached = Result(), check_alerting(AlertingEvidence())
    if options.journey:
        result += journey.run(stack, stack.run / "chaos-journey", rng)
    kinds = [fault for fault in MECHANISM if options.only in fault.name]
    faults = list(islice(cycle(kinds), max(0, options.faults - result.faults)))
    rng.shuffle(faults)
    if faults:
        left = max(len(faults), options.commands - result.commands)
        result += mechanism.run(stack, stack.run / "chaos", rng, left, faults)
    figures: dict[str, float] = {}
    if options.alerting:
        third, reached = alerting.run(stack, stack.run / "chaos-alerting", rng, options.only)
        result += third
        figures = {} if options.only else emergency.run(stack.run / "chaos-emergency")
    called = check_staff(StaffEvidence())
    if options.staff:
        fourth, called = staff.run(stack, stack.run / "chaos-staff", rng, options.only)
        result += fourth
    if options.referrals and not options.only:
        fifth, ends = referrals.run(stack, stack.run / "chaos-referrals", rng, options.referrals)
        result, figures = result + fifth, figures | ends
    caught = variants.run(stack, rng, options.variants)
    return _verdict(options, result, caught, _of_alerting(reached) | _of_staff(called) | figures)


def _of_alerting(reached: AlertingFindings) -> dict[str, float]:
    return {
        "unreached": len(reached.unreached),
        "duplicates_at_provider": len(reached.doubled_at_provider),
        "late_after_answer": len(reached.late),
        "escalation_error_p99_s": round(reached.step_error_p99_s, 2),
    }


def _of_staff(called: StaffFindings) -> dict[str, float]:
    return {
        "staff_unreached": len(called.unreached),
        "staff_duplicates_at_provider": len(called.doubled_at_provider),
        "staff_without_broker_s": called.without_broker_s,
        "staff_answers_without_broker": called.by_mirror,
    }


def _verdict(options: argparse.Namespace, result: Result, caught: dict[str, bool], more: dict[str, float]) -> int:
    findings = result.findings
    for sentence in [*result.complaints, *(line for found in findings for line in found.all()[:40])]:
        say(f"WRONG: {sentence}")
    figures = {
        "seed": options.seed,
        "commands": result.commands,
        "faults": result.faults,
        "faults_bit": result.faults_bit,
        "lost": sum(len(found.lost) for found in findings),
        "ghosts": sum(len(found.ghosts) for found in findings),
        "doubled": sum(len(found.doubled) for found in findings),
        "reordered": sum(len(found.reordered) for found in findings),
        "redelivered": result.redelivered,
        "parked_wrongly": sum(len(found.parked_wrongly) for found in findings),
        "recovery_s": round(result.recovery_s, 1),
        "variants": len(caught),
        "variants_caught": sum(caught.values()),
    } | more
    print(json.dumps(figures), flush=True)
    good = _is_good(result, figures) and (not options.alerting or _reaches(figures))
    return int(not (good and _calls_everybody(figures) and figures.get("referrals_without_end", 0) == 0))


def _is_good(result: Result, figures: dict[str, float]) -> bool:
    wrong = sum(figures[name] for name in ("lost", "ghosts", "doubled", "reordered", "parked_wrongly"))
    return (
        wrong == 0
        and not result.complaints
        and figures["faults_bit"] == figures["faults"]
        and figures["redelivered"] > 0
        and figures["recovery_s"] <= QUIET_WITHIN_S
        and figures["variants"] == figures["variants_caught"]
    )


def _reaches(figures: dict[str, float]) -> bool:
    wrong = sum(figures[name] for name in ("unreached", "duplicates_at_provider", "late_after_answer"))
    return wrong == 0 and figures["escalation_error_p99_s"] <= STEP_WITHIN_S and emergency.is_good(figures)


def _calls_everybody(figures: dict[str, float]) -> bool:
    wrong = figures["staff_unreached"] + figures["staff_duplicates_at_provider"]
    return wrong == 0 and figures["staff_without_broker_s"] <= FIRST_WITHIN_S


if __name__ == "__main__":
    sys.exit(main())
