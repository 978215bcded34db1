"""How digests are planned and sent."""

from datetime import timedelta

from papersite.settings.environment import env

DIGEST_LEASE = timedelta(seconds=env.int("DIGEST_LEASE_SECONDS", default=120, least=1))
# Whether of several papers on one thing one comes, unless the reader wants them apart.
DIGEST_FOLDS_ALIKE = env.bool("DIGEST_FOLDS_ALIKE", default=True)
# Whether some papers come because they are close to what the reader saved, unless the reader wants none.
TASTE = env.bool("TASTE", default=True)
DIGEST_BATCH = env.int("DIGEST_BATCH", default=400, least=1)
# Whether PostgreSQL waits for the disk at each mail. README says under "Mail" what that saves.
DIGEST_FLUSH_EACH_MAIL = env.bool("DIGEST_FLUSH_EACH_MAIL", default=False)
DIGEST_GRACE = timedelta(hours=env.int("DIGEST_GRACE_HOURS", default=6, least=1))
DIGEST_JITTER = timedelta(minutes=env.int("DIGEST_JITTER_MINUTES", default=10))
# What was sent longer ago is kept in a fraction of the room. A month at least: whether papers known
# for less were sent to a reader is asked of single rows alone.
DIGEST_LEDGER_DAYS = env.int("DIGEST_LEDGER_DAYS", default=92, least=31)
# Each is asked of the papers of the last days once a minute, for all who follow the same.
FOLLOWS_PER_READER = 200
