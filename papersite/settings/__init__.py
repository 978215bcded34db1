"""All settings, a module for each subject.

Every default suits one machine with nothing installed; every secret comes from
the environment. The README's table lists each variable.
"""

from papersite.settings.accounts import *
from papersite.settings.applications import *
from papersite.settings.digest import *
from papersite.settings.environment import BASE_DIR as BASE_DIR
from papersite.settings.environment import env
from papersite.settings.limits import *
from papersite.settings.mail import *
from papersite.settings.meaning import *
from papersite.settings.pages import *
from papersite.settings.processes import *
from papersite.settings.signing_in import *
from papersite.settings.site import *
from papersite.settings.sources import *
from papersite.settings.stores import *
from papersite.settings.tasks import *
from papersite.settings.transport import *

# What was read, and what of it nobody knows.
VARIABLES = env
VARIABLES.finish()
