"""The text of a section as somebody types it: paragraphs with an empty line between them, lists by a dash.

A list that names designated areas ends with a line `Forbehold:`, the plan's caveat (O-4.1-06).
"""

from collections.abc import Iterable, Iterator
from typing import Any

Data = dict[str, Any]

DASH, CAVEAT, ESCAPE = "- ", "Forbehold: ", "\\"


def text_of(blocks: Iterable[Data]) -> str:
    """Return blocks as text to type in."""
    return "\n\n".join(_typed(block) for block in blocks)


def blocks_of(text: str) -> list[Data]:
    """Return the blocks that a text means; lines with a dash under a paragraph are a list of their own."""
    return [block for chunk in _chunks(text) for block in _blocks(chunk)]


def _typed(block: Data) -> str:
    if block["kind"] == "paragraph":
        return "\n".join(_escaped(line) for line in block["text"].split("\n"))
    lines = [DASH + item for item in block["items"]]
    return "\n".join([*lines, CAVEAT + block["caveat_da"]] if block.get("caveat_da") else lines)


def _escaped(line: str) -> str:
    return ESCAPE + line if line.startswith((DASH, ESCAPE)) else line


def _chunks(text: str) -> Iterator[list[str]]:
    """Divide a text at its empty lines."""
    chunk: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        if line.strip():
            chunk.append(line.strip())
        elif chunk:
            yield chunk
            chunk = []


def _blocks(lines: list[str]) -> Iterator[Data]:
    """Return a paragraph, a list, or both, of lines without an empty one between them."""
    first = next((at for at, line in enumerate(lines) if line.startswith(DASH)), len(lines))
    if first:
        yield {"kind": "paragraph", "text": "\n".join(line.removeprefix(ESCAPE) for line in lines[:first])}
    if lines[first:]:
        yield _list(lines[first:])


def _list(lines: list[str]) -> Data:
    items: list[str] = []
    caveat: str | None = None
    for line in lines:
        if line.startswith(CAVEAT):
            caveat = line.removeprefix(CAVEAT)
        elif caveat is not None:
            caveat = f"{caveat} {line}"
        elif line.startswith(DASH):
            items.append(line.removeprefix(DASH).strip())
        else:
            items[-1] = f"{items[-1]} {line}"
    return {"kind": "list", "items": items} | ({"caveat_da": caveat} if caveat else {})
