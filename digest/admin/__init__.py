"""The desk for editions, readers and their mail. The rules live elsewhere."""

from digest.admin import editions, mail, previews, readers

__all__ = ["editions", "mail", "previews", "readers"]
