"""What strangers and readers may ask for, and how often."""

from papersite.settings.environment import env
from papersite.settings.site import DEBUG
from papersite.web import rates

# So that nobody floods a stranger's inbox through this site, nor keeps its reader out: for each of signing up,
# codes, new passwords and changes of address, how many mails one network, all networks, and a device on which
# its reader was signed in before may order to an address; one network to all addresses; and everybody.
# 3/10m is three in ten minutes; s, m, h, d. A network is an IPv4 /24 or an IPv6 /64.
MAILS_PER_ADDRESS = env.rates("MAILS_PER_ADDRESS", default="3/10m,10/d")
MAILS_PER_ADDRESS_ANYWHERE = env.rates("MAILS_PER_ADDRESS_ANYWHERE", default="10/h,30/d")
MAILS_PER_DEVICE = env.rates("MAILS_PER_DEVICE", default="5/10m,20/d")
MAILS_PER_NETWORK = env.rates("MAILS_PER_NETWORK", default="10/m,100/d")
MAILS_OVERALL = env.rates("MAILS_OVERALL", default="500/h")
# Tried for one address, from all networks but its reader's own devices.
PASSWORDS_PER_ADDRESS = env.rates("PASSWORDS_PER_ADDRESS", default="30/h")
# Each for one network and for one account; a title as a picture costs as much as a search.
SEARCHES = (env.rates("SEARCHES_PER_NETWORK", default="600/m"), env.rates("SEARCHES_PER_ACCOUNT", default="240/m"))
CLICKS = (env.rates("CLICKS_PER_NETWORK", default="300/m"), env.rates("CLICKS_PER_ACCOUNT", default="60/m"))
LIMITS = {
    "api": (env.rates("API_PER_NETWORK", default="300/m"), env.rates("API_PER_ACCOUNT", default="600/m")),
    "vote": (CLICKS[0], rates.parse("30/m")),
    **dict.fromkeys(("search", "suggest", "picture"), SEARCHES),
    **dict.fromkeys(("follow", "save"), CLICKS),
    # A library takes seconds to read.
    "bring": (rates.parse("40/h"), rates.parse("10/h")),
}
# Where Redis does not answer each host counts for itself, in a file. Where that cannot be had either, such as on a
# full disk, nobody can count: the doors then answer "in a moment" until somebody can, or let everybody try as often
# as they like.
LIMITS_FAIL_OPEN = env.bool("LIMITS_FAIL_OPEN", default=False)
DOORS_PER_NETWORK = env.rates_text("DOORS_PER_NETWORK", default="30/m")
ACCOUNT_RATE_LIMITS = {
    "login": rates.for_allauth(DOORS_PER_NETWORK, "ip"),
    "signup": rates.for_allauth(DOORS_PER_NETWORK, "ip"),
    # By address it would shut out the reader along with whoever types it.
    "reset_password": rates.for_allauth(DOORS_PER_NETWORK, "ip"),
    "confirm_email": "1/3m/key,3/10m/key,10/d/key",
}
# Domains whose addresses are refused, such as those of throw-away mailboxes.
REFUSED_DOMAINS = [domain.lower() for domain in env.list("REFUSED_DOMAINS")]
# Whether the admin site opens only to a session that showed a passkey or an authenticator app's code.
ADMIN_SECOND_FACTOR = env.bool("ADMIN_SECOND_FACTOR", default=not DEBUG)
