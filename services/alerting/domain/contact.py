"""The contact that people on call save, so that a call shows its name and gets past "forstyr ikke"."""

from collections.abc import Sequence

from services.alerting.domain.texts import DEMONSTRATION, EXERCISE

NAME = "Samvirke beredskab"


def card(senders: Sequence[str], *, exercise: bool, demonstration: bool) -> str:
    """Return a vCard 3.0 (RFC 2426), which both kinds of telephones read; numbers are in E.164."""
    name = f"{EXERCISE} {NAME}" if exercise else NAME
    notes = [DEMONSTRATION] if demonstration else []
    notes.append("Tillad gennembrud af Forstyr ikke for denne kontakt")
    lines = [
        *("BEGIN:VCARD", "VERSION:3.0", f"N:{name};;;;", f"FN:{name}", f"ORG:{name}"),
        *(f"TEL;TYPE=CELL,VOICE:{number}" for number in senders),
        *("NOTE:" + "\\, ".join(note.replace(",", "\\,") for note in notes), "END:VCARD"),
    ]
    return "".join(f"{line}\r\n" for line in lines)
