"""
What of the library can be found: texts in force under their code, coming ones under code and number.

Which of them, the rows say (``filed_as``), as the operations last found it by
the clock; what has ended or was repealed is found by the library's own filter.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.richtext import text_of
from portal.search.registry import Document, register_kind

from .models import Regulation, RegulationVersion
from .searching import FOUND_BY

KIND = "disclosures.regulation"


def _url(key):
    code, _at, number = key.partition("@")
    if number:
        return reverse("disclosures:regulation_version", args=[code, number])
    return reverse("disclosures:regulation", args=[code])


def keys():
    """Return the keys of all texts that anybody may find."""
    return RegulationVersion.objects.exclude(filed_as="").values_list("filed_as", flat=True).iterator()


def documents(keys):
    """Return what may be found of the texts with these keys; their regulations are held until it is filed."""
    codes = {key.partition("@")[0] for key in keys}
    held = list(
        Regulation.objects.select_for_update().filter(code__in=codes).order_by("pk").values_list("pk", flat=True)
    )
    rows = (
        RegulationVersion.objects.filter(regulation__in=held, filed_as__in=keys)
        .select_related("regulation")
        .prefetch_related("steps")
        .order_by("pk")
    )
    return [
        Document(
            key=row.filed_as,
            title=row.title,
            text="\n".join(filter(None, [row.regulation.code, row.document_number, text_of(row.body), *_steps(row)])),
            on=row.in_force_from,
            unit_id=row.regulation.unit_id,
            audience=FOUND_BY[row.regulation.audience],
        )
        for row in rows
    ]


def _steps(row):
    return [
        " ".join(filter(None, (step.what, step.who, step.takes, step.gives, step.form))) for step in row.steps.all()
    ]


def register():
    """Offer the library to the search; called once, from ``apps.ready()``."""
    register_kind(KIND, _("regulation"), icon="book-text", url=_url, documents=documents, keys=keys, order=12)
