"""A load of HTTP requests that costs little itself: plain sockets, one connection a worker.

python -m bench.load PORT SECONDS TOKEN
"""

import asyncio
import json
import sys
import time
import uuid

import uvloop

WORKERS = 32
BODY = json.dumps({"number": 1, "filling": "x" * 370}).encode()


async def worker(port: int, token: str, ends: float) -> int:
    """Send one command after the other until the time is over; returns how many were answered with 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < ends:
        head = (
            f"POST /notes/{uuid.uuid4()} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n"
            f"idempotency-key: {uuid.uuid4()}\r\ncontent-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
        )
        writer.write(head.encode() + BODY)
        status = await reader.readline()
        length = 0
        while (line := await reader.readline()) not in {b"\r\n", b""}:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        await reader.readexactly(length)
        if b" 200 " not in status:
            raise SystemExit(f"unexpected answer: {status!r}")
        answered += 1
    writer.close()
    return answered


async def main(port: int, seconds: float, token: str) -> None:
    """Print how many commands a second were answered."""
    ends = time.perf_counter() + seconds
    answered = sum(await asyncio.gather(*(worker(port, token, ends) for _ in range(WORKERS))))
    print(json.dumps({"per_s": round(answered / seconds)}))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]))
