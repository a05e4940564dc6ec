"""A stored upload."""

import uuid

from django.db import models


class StoredFile(models.Model):
    """
    An upload after cleaning: random name on disk, a day instead of a time.

    ``name`` is what readers see; for unnamed authors it is made up ("附件1.jpg"),
    because file names give people away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(upload_to="files/")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_on = models.DateField()
