"""Judge the manifests, and then the judges: `python -m tests.kubernetes`."""

import copy
import sys
import tempfile
from collections import Counter
from pathlib import Path

from deploy.kubernetes.__main__ import write
from tests.kubernetes.judges import Object, Verdicts, built, judges
from tests.kubernetes.tools import Tools, tools


def main() -> int:
    """Print what is wrong; 1 when something is."""
    using = tools()
    objects = rendered(using)
    misspelt = [_misspelt(one) for one in {one["kind"]: one for one in objects}.values()]
    print(f"{len(objects)} objects: {_counted(objects)}")
    wrong = []
    for judge, judged in judges(using).items():
        verdicts, overlooked = judged(objects), _taken(judged(misspelt))
        wrong += [f"{judge}: {name}: {why}" for name, why in verdicts.items() if why]
        wrong += [f"{judge} takes {name} with a misspelt field" for name in overlooked]
        print(f"{judge}: takes {len(_taken(verdicts))} of {len(verdicts)}, {len(overlooked)} with a misspelt field")
    sys.stdout.writelines(f"{one}\n" for one in wrong)
    return 1 if wrong else 0


def rendered(using: Tools) -> list[Object]:
    """Return every object of an installation."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        return built(Path(folder), using)


def _misspelt(one: Object) -> Object:
    """Return the object with a field that nobody knows: in its specification, where it has one."""
    found = copy.deepcopy(one)
    found.get("spec", found)["misspelt"] = "x"
    return found


def _taken(verdicts: Verdicts) -> list[str]:
    return [name for name, why in verdicts.items() if not why]


def _counted(objects: list[Object]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in sorted(Counter(one["kind"] for one in objects).items()))


if __name__ == "__main__":
    sys.exit(main())
