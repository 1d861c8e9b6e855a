"""What referrals does when it hears an event or a deadline is due, and the acts that commands share with them."""

from services.referrals.handlers import expiring, forgetting, merges

__all__ = ["expiring", "forgetting", "merges"]
