"""What of the consultations can be found: draft, final text and answers, by those who may read them."""

from collections import defaultdict
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day
from portal.search.registry import Document, register_kind

from .enums import ConsultationState
from .models import Consultation, ConsultationGroup
from .searching import FOUND_BY
from .texts import plain

KIND = "disclosures.consultation"
ANSWERED = (ConsultationState.ANSWERED, ConsultationState.DECIDED)


def _url(key):
    return reverse("disclosures:consultation", args=[UUID(key)])


def keys():
    """Return the keys of all consultations that anybody may find."""
    return (str(pk) for pk in Consultation.objects.opened().values_list("pk", flat=True).iterator())


def documents(keys):
    """Return what may be found of the consultations with these keys; answers only once they are published."""
    rows = list(Consultation.objects.opened().filter(pk__in=list(keys)).select_for_update(of=("self",)).order_by("pk"))
    answers = defaultdict(list)
    for group in ConsultationGroup.objects.filter(consultation__in=[row.pk for row in rows if row.state in ANSWERED]):
        answers[group.consultation_id] += [group.heading, group.summary, group.answer]
    return [
        Document(
            key=str(row.pk),
            title=row.title,
            text="\n".join(
                part for part in (row.lead, plain(row.body), *answers[row.pk], *_report(row), row.document) if part
            ),
            on=local_day(row.opened_at),
            unit_id=row.unit_id,
            audience=FOUND_BY[row.audience],
        )
        for row in rows
    ]


def _report(row):
    # A report that waits for its decision is nobody's to find.
    if row.state != ConsultationState.DECIDED:
        return ()
    return (row.summary, row.method, plain(row.final_body))


def register():
    """Offer the consultations to the search; called once, from ``apps.ready()``."""
    register_kind(
        KIND,
        _("consultation"),
        icon="messages-square",
        url=_url,
        documents=documents,
        keys=keys,
        order=12,
    )
