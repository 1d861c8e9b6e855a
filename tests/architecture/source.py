"""Reads the code of the house as syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SERVICES = sorted(path.parent for path in (ROOT / "services").glob("*/__init__.py"))


@dataclass(frozen=True)
class Source:
    """One file of Python."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """Return the path as written in messages."""
        return str(self.path.relative_to(ROOT))

    def texts(self) -> Iterator[tuple[int, str]]:
        """Return every text in the file with its line, docstrings left out."""
        docstrings = {id(text) for node in ast.walk(self.tree) if (text := _docstring(node))}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield node.lineno, node.value

    def names(self) -> Iterator[tuple[int, str]]:
        """Return every name that the file gives or uses, with its line."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    yield node.lineno, name
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    yield node.lineno, name
                case ast.keyword(arg=str(name)):
                    yield node.value.lineno, name
                case _:
                    pass


def _docstring(node: ast.AST) -> ast.Constant | None:
    """Return the text below a definition or a field; such a text stands alone as a statement."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value
    return None


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Return every file of Python in these folders."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    kept = [path for path in files if "node_modules" not in path.parts and "cases" not in path.parts]
    return tuple(Source(path, ast.parse(path.read_text(encoding="utf-8"))) for path in kept)


def migrations(*folders: str) -> list[Path]:
    """Return every file of SQL in these folders."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.sql"))]
