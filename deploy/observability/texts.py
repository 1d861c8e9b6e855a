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
OTHER = '{{ with query (printf "METRIC{BY=%q}" $labels.BY) }}{{ . | first | value }}{{ else }}?{{ end }}'


def summary(says: str) -> str:
    """Return the template of what an alarm says."""
    return EXERCISE + FILLED_IN.sub(_part, says)


def _part(found: re.Match[str]) -> str:
    if found["metric"]:
        return OTHER.replace("METRIC", found["metric"]).replace("BY", found["by"])
    if found["value"]:
        return _pipe("$value", found["form"])
    return _label(found["label"])


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
