"""The project package: composition, and the floors that the four apps share."""

from .celery import app as celery_app

__all__ = ["celery_app"]
