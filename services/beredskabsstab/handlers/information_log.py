"""What the staff's log says of a message, in the transaction of what was done to it."""

from chassis.database import Tx
from services.beredskabsstab.domain.information import Decision, Message, Tell
from services.beredskabsstab.domain.log import Kind, Line
from services.beredskabsstab.domain.message_words import FORMS, hour
from services.beredskabsstab.handlers.log import say
from services.beredskabsstab.store.information import Kept

OVERRIDDEN: Line = (Kind.DECISION, "{which} går videre uden klarering fra {missing}. Begrundelse: {reason}")
SAYS: dict[Tell, Line] = {
    Tell.OBJECTED: (Kind.INFORMATION, "{which} er ikke klareret. Begrundelse: {objection}"),
    Tell.RETURNED: (Kind.DECISION, "{which} er sendt tilbage. Begrundelse: {decided}"),
    Tell.REFUSED: (Kind.DECISION, "{which} er afvist. Begrundelse: {decided}"),
    Tell.WITHDRAWN: (Kind.DECISION, "{which} er trukket tilbage."),
    Tell.RELEASED: (Kind.ACTION, "{which} er godkendt og udsendt."),
    Tell.REVIEW_ASKED: (Kind.DECISION, "{which} er godkendt af stabens leder alene. Begrundelse: {approved}"),
    Tell.REVIEWED: (Kind.DECISION, "{which}, som stabens leder sendte alene, er gennemgået: {reviewed}"),
    Tell.CORRECTED: (Kind.ACTION, "{which} gælder ikke mere: den er rettet af en senere."),
    Tell.EXPIRED: (Kind.INFORMATION, "{which} er udløbet."),
    Tell.WARNED: (Kind.ACTION, "Befolkningen er varslet om {which} af {channel} kl. {at}. Kvittering: {receipt}"),
    Tell.RECEIVED: (Kind.INFORMATION, "Varslingen om {which} er modtaget i området."),
    Tell.NOT_RECEIVED: (Kind.INFORMATION, "Varslingen om {which} er IKKE modtaget i området."),
}


async def write_down(tx: Tx, kept: Kept, decision: Decision) -> None:
    """Write in the log what was decided about a message."""
    before, after = kept.message, decision.message
    if after.overridden and before.overridden != after.overridden:
        words = {"missing": " ".join(after.missing), "reason": after.overridden.reason}
        await say(tx, kept.activation_id, OVERRIDDEN, which=which(after), **words)
    for told in decision.told:
        if told.what in SAYS:
            await say(tx, kept.activation_id, SAYS[told.what], **_words(after, told.authorities))


def which(message: Message) -> str:
    """Return how the log names a message."""
    return f"{FORMS[message.form]} nr. {message.number}"


def _words(message: Message, authorities: tuple[str, ...]) -> dict[str, str]:
    signed = {"decided": message.decided, "approved": message.approved, "reviewed": message.reviewed}
    said = {name: one.reason if one else "" for name, one in signed.items()}
    objections = message.objections or {}
    objection = " ".join(objections[one].reason for one in authorities if one in objections)
    warned = message.warned[-1] if message.warned else None
    more = {"channel": warned.channel, "at": hour(warned.at), "receipt": warned.receipt} if warned else {}
    return {"which": which(message), "objection": objection} | said | more
