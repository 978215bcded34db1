"""The database and the cache."""

from papersite import database
from papersite.settings.environment import env
from papersite.settings.site import DATA_DIR

DATABASES = {
    "default": database.with_options(env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'papersite.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = {
    "default": {
        "BACKEND": "papersite.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "socket_timeout": 2,
            "socket_connect_timeout": 2,
            "stand_in": str(DATA_DIR / "cache-meanwhile.sqlite3"),
        },
    }
    if REDIS_URL
    else {"BACKEND": "papersite.cache.FileCache", "LOCATION": str(DATA_DIR / "cache.sqlite3")}
}
