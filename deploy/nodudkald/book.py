"""The ledger's file: appended line by line, on the disk before anything is done, gone on with after any end."""

import os
from pathlib import Path
from threading import Lock

from deploy.nodudkald.listing import Refused
from services.alerting.domain.emergency import AlteredLedger, Decision, Ledger, Line, chained, read


class Book:
    """One ledger, in a file and in memory."""

    def __init__(self, file: Path, decision: Decision) -> None:
        """Go on with the file's ledger when it is there, begin it when not; Refused when it is about something else."""
        self.file, self._lock = file, Lock()
        text = file.read_bytes().decode(errors="replace") if file.exists() else ""
        whole, _, torn = text.rpartition("\n")
        self.resumed = bool(whole)
        if torn:
            os.truncate(file, len(text.encode()) - len(torn.encode()))
        self._handle = file.open("ab", buffering=0)
        self.ledger = self._read(whole, decision) if whole else self._begin(decision)

    def _read(self, whole: str, decision: Decision) -> Ledger:
        try:
            ledger = read(f"{line}\n" for line in whole.split("\n"))
        except AlteredLedger as error:
            raise Refused(
                f"Kaldebogen {self.file} er ændret eller ødelagt. Gem den, og begynd på en ny med --ledger."
            ) from error
        if (ledger.decision.alert_id, ledger.decision.mode) != (decision.alert_id, decision.mode):
            raise Refused(f"Kaldebogen {self.file} handler om et andet kald. Vælg en anden fil med --ledger.")
        return ledger

    def _begin(self, decision: Decision) -> Ledger:
        text, head = chained(decision, "")
        self._write([text])
        _sync_folder(self.file.parent)
        return Ledger(decision, 1, head)

    def enter(self, *lines: Line) -> None:
        """Write lines and wait until they are on the disk."""
        with self._lock:
            texts = []
            for line in lines:
                text, self.ledger.head = chained(line, self.ledger.head)
                self.ledger.lines += 1
                texts.append(text)
            self._write(texts)
            for line in lines:
                self.ledger.take(line)

    def _write(self, texts: list[str]) -> None:
        self._handle.write("".join(f"{text}\n" for text in texts).encode())
        os.fsync(self._handle.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._handle.close()


def _sync_folder(folder: Path) -> None:
    """Have the file's name on the disk as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
