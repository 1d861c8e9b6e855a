"""The duty of secrecy, said on everything that leaves Samvirke with personal data in it (ledger L-22).

Every export carries `SECRECY_NOTICE` word for word: a document that is fetched, a page or PDF that is printed, a list
of what was done with whose data. Whoever adds an export adds it there too. What a citizen is answered about themselves
does not: it is theirs to tell.
"""

SECRECY_NOTICE = (
    "Fortroligt. Oplysningerne er omfattet af tavshedspligt (straffelovens § 152 og §§ 152 a-152 f og"
    " forvaltningslovens § 27). De må kun bruges til det formål, som de er udleveret til, og kun af dem, der har brug"
    " for dem i sagen. De må kun gives videre, når loven tillader det. Uberettiget videregivelse kan straffes."
)
"""What stands on an export, for whoever opens it."""


def carries_secrecy(text: str) -> bool:
    """Tell whether a text carries the notice, however its lines are broken."""
    return " ".join(SECRECY_NOTICE.split()) in " ".join(text.split())
