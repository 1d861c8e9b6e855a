"""Who knocks at the broker without belonging there."""

from contracts.codes import Mailbox, Office

HERNING = Mailbox("kommune-0657", Office.BOERN)

UNKNOWN = "ukendt"
"""A name that this authority vouches for and no list knows."""

UNNAMED = "KOMMUNE-0657.boern"
"""A certificate of this authority whose name the broker's rule does not take."""

FOREIGN = "foreign"
"""The right name, from the authority of somebody else."""
