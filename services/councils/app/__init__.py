"""The wiring of councils."""

from functools import partial

from chassis.service import Service
from services.councils.api import routers
from services.councils.app.mail_settings import MailSettings
from services.councils.app.mailing import send_mail
from services.councils.app.website import watch


def service() -> Service:
    """Return the service, ready to run; it hears no events. ValidationError for a mail server that does not fit."""
    return Service("councils", routers=routers(), background=[watch, partial(send_mail, MailSettings())])
