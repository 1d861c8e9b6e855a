"""What is sent to councils has no other fields than its own: a misspelt one would be lost without a word."""

from typing import ClassVar


class Closed:
    """A value whose unknown fields are refused where it is read from outside."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
