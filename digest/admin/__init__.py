"""The desk for editions, readers and their mail. The rules live elsewhere."""

from digest.admin import editions, mail, readers

__all__ = ["editions", "mail", "readers"]
