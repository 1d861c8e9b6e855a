"""Deliveries of registrations: how bytes become lines, and what refuses a whole delivery."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from contracts.refusal import Refusal

LONGEST_LINE = 64 * 1024


class LineTooLong(Refusal):
    """A line is longer than any registration; it is never held in memory."""

    slug = "line-too-long"
    status = 413
    title = "En linje i leverancen er for lang."
    todo = "Linjerne før den er taget imod. Fortsæt med from_line fra next_line, uden den lange linje."


class GapInDelivery(Refusal):
    """The delivery goes on later than it stopped."""

    slug = "gap-in-delivery"
    title = "Leverancen fortsætter efter den linje, der ventes."
    todo = "Send igen fra den linje, som next_line angiver."


class DeliveryInterrupted(Refusal):
    """The sender went away in the middle; whole batches are kept, and the rest is sent again."""

    slug = "delivery-interrupted"
    status = 400
    title = "Leverancen blev afbrudt."
    todo = "Spørg, hvilken linje der ventes, og fortsæt derfra."


class NoCodeList(Refusal):
    """Without a released code list nobody knows which registrations may be kept."""

    slug = "no-code-list"
    title = "Der er ingen kodeliste i kraft."
    todo = "Få en kodeliste frigivet af to godkendere først."


@dataclass(slots=True)
class Lines:
    """Splits a stream into lines, holding no more than one that is unfinished."""

    _rest: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the lines that are whole now."""
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            yield self._whole(data[start:end])
            start = end + 1
        self._keep(data[start:])

    def rest(self) -> Iterator[bytes]:
        """Yield what stands after the last line break, if anything."""
        if self._rest:
            yield self._whole(b"")

    def _whole(self, data: bytes) -> bytes:
        self._keep(data)
        line = bytes(self._rest)
        self._rest.clear()
        return line

    def _keep(self, data: bytes) -> None:
        if len(self._rest) + len(data) > LONGEST_LINE:
            raise LineTooLong(limit_bytes=LONGEST_LINE)
        self._rest += data
