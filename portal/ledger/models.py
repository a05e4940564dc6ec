"""Entries that nobody can change, and the seals that chain them."""

import uuid

from django.db import models


class AppendOnly(Exception):
    """Somebody tried to change or delete what only grows."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly

    def delete(self):
        raise AppendOnly

    def bulk_update(self, *args, **kwargs):
        raise AppendOnly

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise AppendOnly
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnlyModel(models.Model):
    """Rows can be added and read; model, query set and a trigger refuse the rest."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly


class Entry(AppendOnlyModel):
    """
    One act: what was done to what, by whom, when, with which facts.

    ``facts`` holds codes and ids only, never translated words or personal
    text, so that deleting personal data never breaks the chain. The key is
    random: it tells nothing of the order of anonymous acts. An entry with
    ``is_day_only`` carries midnight as its time and is sealed, in random
    order, only after its day has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)  # "feedback.inquiry:<uuid>"
    actor = models.CharField(max_length=60, blank=True)  # "person:<uuid>", "system", "" for an unnamed author
    at = models.DateTimeField()
    is_day_only = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"], name="entry_by_subject"),
            models.Index(fields=["verb", "at"], name="entry_by_verb"),
            models.Index(fields=["actor", "at"], name="entry_by_actor"),
            models.Index(fields=["at", "id"], name="entry_by_time"),
        ]


# What the canonical text of an entry is made of.
ENTRY_FIELDS = ("id", "verb", "subject", "actor", "at", "is_day_only", "facts")


class Pending(models.Model):
    """
    Entries not sealed yet; a trigger on Entry fills this queue, the sealer empties it.

    Carries what the sealer's order needs, so that taking the first of a million costs no more than of ten.
    """

    # No constraint: the trigger takes the key from the entry itself; a check per row would double a sweep.
    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    is_day_only = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["at", "entry"], name="pending_by_time")]


class Seal(AppendOnlyModel):
    """The place of an entry in the chain: sha256(previous hash + LF + sha256(canonical entry)), see verifying.py."""

    seq = models.BigIntegerField(primary_key=True)
    # No constraint: verify_ledger finds what is missing, and a check would lock and rewrite every entry sealed.
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal", db_constraint=False)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["hash"], name="seal_by_hash")]


class Head(AppendOnlyModel):
    """The chain's end at the close of a day: for board, mail and paper slip."""

    day = models.DateField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
