"""What an alarm says, as a template of Prometheus: the words of alarms.toml, with what fills them in."""

import re

from deploy.local.alarms import FILLED_IN, words

EXERCISE = '{{ if eq $labels.mode "exercise" }}ØVELSE. {{ end }}'
"""What rings of an exercise can be mistaken for nothing else."""
IN_DANISH = [
    (r"\.\d+", ""),
    (r"(h \d+m) \d+s", "${1}"),
    ("h", " t"),
    ("s", " s"),
    ("m", " min"),
    ("d", " døgn"),
]
"""What becomes of `1d 4h 10m 0s`; of what lasts for hours nobody counts the seconds."""
FORMS = {"duration": "humanizeDuration", "whole": 'printf "%.0f"'}
NAME = '{{ with query (printf "authority_info{authority=%q}" $labels.authority) }}{{ . | first | label "name" }}'
OTHER = '{{ with query (printf "METRIC{BY=%q}" $labels.BY) }}SAID{{ else }}?NOUN{{ end }}'
ONE_OR_MANY = '{{ if eq (NUMBER) "1" }}ONE{{ else }}MANY{{ end }}'


def summary(says: str) -> str:
    """Return the template of what an alarm says."""
    return EXERCISE + FILLED_IN.sub(_part, says)


def _part(found: re.Match[str]) -> str:
    if found["label"]:
        return _label(found["label"])
    if found["value"]:
        return _said("$value", found)
    other = OTHER.replace("METRIC", found["metric"]).replace("BY", found["by"])
    noun = f" {found['many']}" if found["many"] else ""
    return other.replace("SAID", _said("(. | first | value)", found)).replace("NOUN", noun)


def _said(value: str, found: re.Match[str]) -> str:
    if not found["one"]:
        return _pipe(value, found["form"])
    number = f"{value} | {FORMS['whole']}"
    noun = ONE_OR_MANY.replace("NUMBER", number).replace("ONE", found["one"]).replace("MANY", found["many"])
    return f"{_filled(number)} {noun}"


def _pipe(value: str, form: str | None) -> str:
    steps = [FORMS[form]] if form else []
    return _filled(value, *steps, *(_replaced(*one) for one in IN_DANISH if form == "duration"))


def _label(label: str) -> str:
    if label == "authority":
        return NAME + "{{ else }}{{ $labels.authority }}{{ end }}"
    return _filled(f"$labels.{label}", *(_replaced(f"^{code}$", word) for code, word in words(label).items()))


def _replaced(pattern: str, by: str) -> str:
    return f"reReplaceAll `{pattern}` `{by}`"


def _filled(*steps: str) -> str:
    return "{{ " + " | ".join(steps) + " }}"
