"""The site: its settings, its plumbing, and the catalogue."""

from papersite.celery import app as celery_app

__all__ = ["celery_app"]
