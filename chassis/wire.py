"""What is answered to bytes that are no HTTP request, or whose method nobody knows: a problem document too."""

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.openapi import PROBLEM
from chassis.problems import document
from contracts.refusal import Refusal


class NoRequest(Refusal):
    """What came is no HTTP request."""

    slug = "no-http-request"
    status = 400
    title = "Det sendte kan ikke læses som en HTTP-forespørgsel."
    todo = "Kontrollér metode, adresse og headere. Intet er gemt."


class Protocol(HttpToolsProtocol):
    """The server's own protocol, except for its plain words to what it cannot read."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  the server's words stay in its log
        """Refuse in the form of every refusal, and hang up."""
        body = orjson.dumps(document(NoRequest()))
        head = f"content-type: {PROBLEM}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head.encode() + body)
        self.transport.close()
