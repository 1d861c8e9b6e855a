"""Reads the code of the house as syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SERVICES = sorted(path.parent for path in (ROOT / "services").glob("*/__init__.py"))


@dataclass(frozen=True, eq=False)
class Source:
    """One file of Python; a dozen tests walk it, so what they find is found once."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """Return the path as written in messages."""
        return str(self.path.relative_to(ROOT))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Return all of the tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def texts(self) -> tuple[tuple[int, str], ...]:
        """Return every text in the file with its line, docstrings left out."""
        docstrings = {id(text) for node in self.nodes if (text := _docstring(node))}
        return tuple(
            (node.lineno, node.value)
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        )

    @cached_property
    def names(self) -> tuple[tuple[int, str], ...]:
        """Return every name that the file gives or uses, with its line."""
        return tuple(self._names())

    def _names(self) -> Iterator[tuple[int, str]]:
        for node in self.nodes:
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
    return tuple(_source(path) for path in files if "node_modules" not in path.parts and "cases" not in path.parts)


@cache
def _source(path: Path) -> Source:
    return Source(path, ast.parse(path.read_text(encoding="utf-8")))


def migrations(*folders: str) -> list[Path]:
    """Return every file of SQL in these folders."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.sql"))]
