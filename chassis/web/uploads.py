"""A form with a file: streamed to disk while it is counted, so that no process holds a file whole."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from chassis.problems import InvalidInput
from chassis.web.forms import FIELDS_AT_MOST
from chassis.web.page_forms import Typed

FIELD_AT_MOST = 16_384
"""Bytes of one field that is no file."""
AROUND = 65_536
"""Bytes of a form around its file: the other fields and the lines between them."""
READ_ON = 4
"""How many times the largest file is read on and thrown away: a browser shows no answer before it has sent all."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form with a file holds."""

    form: Typed
    file: BinaryIO | None
    """None where no file was chosen, or it was too large."""
    size: int
    """Bytes of the file."""
    too_large: bool


class _Counted:
    """The body of a request, as far as it may be kept."""

    def __init__(self, request: Request, largest: int) -> None:
        self.request, self.largest, self.over = request, largest, False

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        seen = 0
        async for piece in self.request.stream():
            seen += len(piece)
            self.over = self.over or seen > self.largest + AROUND
            if seen > self.largest * READ_ON:
                return
            if not self.over:
                yield piece


@asynccontextmanager
async def upload_of(request: Request, field: str, largest: int) -> AsyncIterator[Upload]:
    """Read a form whose file stands last: fields that come before a file that is too large are kept.

    Args:
        request: its body has not been read.
        field: the file's field.
        largest: bytes of the file.

    Raises:
        InvalidInput: it is no such form, or it broke off.
    """
    counted = _Counted(request, largest)
    parser = MultiPartParser(
        request.headers, counted.pieces(), max_files=1, max_fields=FIELDS_AT_MOST, max_part_size=FIELD_AT_MOST
    )
    try:
        parts = await parser.parse()
    except (MultiPartException, ClientDisconnect, KeyError) as error:
        raise InvalidInput from error
    try:
        yield _upload(parts, field, largest, over=counted.over)
    finally:
        await parts.close()


def _upload(parts: FormData, field: str, largest: int, *, over: bool) -> Upload:
    form = {name: value for name, value in parts.multi_items() if isinstance(value, str)}
    file = parts.get(field)
    if not isinstance(file, UploadFile) or not file.size:
        return Upload(form, None, 0, over)
    too_large = over or file.size > largest
    return Upload(form, None if too_large else file.file, file.size, too_large)
