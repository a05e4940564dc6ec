"""Masking of the demo's public notices: most are masked, some name nobody, one was masked twice, one is still to do."""

import datetime as dt

from disclosures.enums import VersionKind
from disclosures.models import Notice, Version
from disclosures.operations import promise_masking
from disclosures.texts import TEXTS, fingerprint_of
from portal.deadlines.models import Promise
from portal.ledger.recording import record_many

from .announcements import STAFF
from .scribe import moment_of

NOTE = "公示期满，个人信息已作隐名处理"


def mask_notices(scribe):
    """Look after the personal data of notices that are over, all but the latest that names somebody."""
    over = list(
        Notice.objects.filter(closed_on__isnull=False)
        .select_related("publication__drafted_by")
        .order_by("closed_on", "pk")
    )
    promises = {row.subject: row for row in Promise.objects.filter(kind="notice.mask")}
    latest = {version.publication_id: version for version in scribe.versions}
    naming = [row for row in over if _names(latest[row.pk].body)]
    waiting = naming[-1:]
    # Somebody overlooked the second name at first.
    twice = [row for row in naming[:-1] if len(_names(latest[row.pk].body)) > 1][-1:]
    versions, acts, kept = [], [], []
    for row in over:
        if row in waiting:
            continue
        text, first = row.publication, latest[row.pk]
        moment = _moment(row, scribe)
        names = _names(first.body)
        by, number = text.drafted_by, 1
        for done in [names[:1], names] if row in twice else [names] if names else []:
            number += 1
            version = _masked(text, first, done, number=number, by=by, at=moment)
            versions.append(version)
            acts.append(_act("notice.masked", text, by, moment, version=number, sha256=version.fingerprint))
            if done != names:
                moment = min(moment + dt.timedelta(minutes=95), scribe.at)
        if not names:
            acts.append(_act("notice.names_nobody", text, by, moment))
        row.masked_at = moment
        promise = promises[f"disclosures.publication:{text.pk}"]
        promise.met_at, promise.next_at = moment, None
        kept.append(promise)
    Version.objects.bulk_create(versions, batch_size=500)
    for row, promise in zip((row for row in over if row.masked_at), kept, strict=True):
        # One by one, as in the scribe: far cheaper than a statement that names hundreds of rows by case.
        Notice.objects.filter(pk=row.pk).update(masked_at=row.masked_at)
        Promise.objects.filter(pk=promise.pk).update(met_at=promise.met_at, next_at=None)
    if scribe.has_ledger:
        record_many(acts)
    for row in waiting:
        promise = promises[f"disclosures.publication:{row.pk}"]
        if promise.due_at <= scribe.at:
            # Over before masking was promised: owed from the day on which the daily run found it.
            promise.delete()
            promise_masking(at=scribe.at - dt.timedelta(days=2))


def _names(body):
    return sorted((name for name in STAFF if name in body), key=body.index)


def _masked(text, first, names, *, number, by, at):
    texts = {name: getattr(first, name) for name in TEXTS}
    for name in names:
        texts["body"] = texts["body"].replace(name, f"{name[0]}某某")
    return Version(
        publication=text,
        number=number,
        kind=VersionKind.MASKED,
        note=NOTE,
        fingerprint=fingerprint_of(text.number, texts),
        shown_from=at,
        by=by,
        approved_by=by,
        **texts,
    )


def _act(verb, text, by, at, **facts):
    return {
        "verb": verb,
        "subject": f"disclosures.publication:{text.pk}",
        "actor": by,
        "at": at,
        "number": text.number,
        **facts,
    }


def _moment(row, scribe):
    day = row.closed_on + dt.timedelta(days=scribe.rng.randint(1, 7))
    moment = max(moment_of(day, scribe.rng), row.publication.publish_at)
    return min(moment, scribe.at - dt.timedelta(hours=3))
