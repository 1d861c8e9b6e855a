"""What several routes of councils share, and what happens when a deadline is due or a matter is treated."""

from services.councils.handlers import accounts as accounts
from services.councils.handlers import actions as actions
from services.councils.handlers import agreements as agreements
from services.councils.handlers import cooperation as cooperation
from services.councils.handlers import goals as goals
from services.councils.handlers import initiatives as initiatives
from services.councils.handlers import investigations as investigations
from services.councils.handlers import mailing as mailing
from services.councils.handlers import minutes_links as minutes_links
from services.councils.handlers import plan_links as plan_links
from services.councils.handlers import requests as requests
from services.councils.handlers import seats as seats
from services.councils.handlers import targets as targets
from services.councils.handlers import vice_chair as vice_chair
