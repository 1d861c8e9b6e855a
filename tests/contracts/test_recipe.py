"""The recipe `docs/recipes/add-an-event.md` is followed to the letter, in a copy of the repository."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
RECIPE = ROOT / "docs" / "recipes" / "add-an-event.md"

STEP = re.compile(r"(?:(Add to|Create) `([^`]+)`:\n\n)?```(python|json|sh)\n(.*?)```", re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of what the recipe touches."""
    unwanted = shutil.ignore_patterns("node_modules", "__pycache__", ".*")
    for folder in ("contracts", "chassis", "services", "docs", "tests/contracts"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=unwanted)
    for file in ("pyproject.toml", "tests/__init__.py", "tests/each.py", "tests/ledger.py", "tests/ledger_plugin.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def follow(copy: Path) -> None:
    """Do each step of the recipe, in order."""
    for verb, file, language, text in STEP.findall(RECIPE.read_text(encoding="utf-8")):
        if language == "sh":
            for line in text.splitlines():
                run(copy, line)
        else:
            before = (copy / file).read_text(encoding="utf-8") + "\n\n" if verb == "Add to" else ""
            (copy / file).write_text(before + text, encoding="utf-8")


def run(copy: Path, line: str) -> None:
    """Run a line of the recipe with this interpreter."""
    command = [sys.executable, *shlex.split(line)[1:]]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def test_who_follows_the_recipe_has_an_event(copy: Path) -> None:
    follow(copy)
    page = (copy / "docs" / "events.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "LokalraadMeetingConvened" in line)
    assert "| `samvirke.councils.lokalraad.v1` | `lokalraad_id` | councils | exchange | yes | no |" in row
    assert (copy / "contracts" / "schemas" / "councils.LokalraadMeetingConvened.v1.json").exists()
    documents = [(copy / "contracts" / "asyncapi" / f"{name}.json").read_text() for name in ("councils", "exchange")]
    assert ["tellLokalraadMeetingConvened" in document for document in documents] == [True, False]
    assert ["hearLokalraadMeetingConvened" in document for document in documents] == [False, True]
