"""Find links and paths in the documentation that lead nowhere: `python -m tests.links`."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def main() -> int:
    """Print each dead link; 1 when there is one."""
    dead = [f"{page.relative_to(ROOT)}: {target}" for page in pages() for target in dead_links(page)]
    sys.stdout.write("\n".join(dead or ["every link of the documentation leads somewhere"]) + "\n")
    return 1 if dead else 0


def pages() -> list[Path]:
    """Return the Markdown files of the repository, those not yet added too."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).exists()]


def dead_links(page: Path) -> list[str]:
    """Return the links of one page to files or headings that do not exist; addresses on the network are not asked."""
    targets = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))
    return [target for target in targets if "://" not in target and not _exists(page, target)]


def _exists(page: Path, target: str) -> bool:
    name, _, anchor = unquote(target).partition("#")
    file = (page.parent / name).resolve() if name else page
    if not file.exists():
        return False
    return not anchor or file.suffix != ".md" or anchor in _anchors(file)


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, made as code hosts make them."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


if __name__ == "__main__":
    sys.exit(main())
