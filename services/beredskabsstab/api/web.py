"""The pages of the beredskabsstab: one set of templates, one look."""

from chassis.web.pages import Pages
from services.beredskabsstab.domain import message_words
from services.beredskabsstab.domain.words import clock

PAGES = Pages("services.beredskabsstab.api")
PAGES.environment.filters |= {"moment": message_words.moment, "hour": message_words.hour, "clock": clock}
PAGES.environment.globals |= {"message_words": message_words}
