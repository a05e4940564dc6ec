"""Who may find an entry; stored values are never renamed."""

from django.db import models


class Audience(models.TextChoices):
    """Everybody, everybody signed in, or the people of a unit with those who hold an office over it."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    UNIT = "unit"
