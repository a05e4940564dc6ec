"""The feed of publications, whole or of a category or unit; only what everybody may read."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.accounts.models import Unit
from portal.exports.feeds import PortalFeed
from portal.kernel.days import local_day
from portal.kernel.rows import only_one

from ..enums import Audience, PublicationState, Section
from ..models import Publication
from ..queries import inside
from ..texts import plain

NEWEST = 30


class PublicationFeed(PortalFeed):
    """The newest texts on show that everybody may read; ``about`` is a category's letter or a unit's code."""

    def get_object(self, request, about=""):
        if not about:
            return None
        if about in Section.values:
            return Section(about)
        unit = only_one(Unit.objects.filter(code=about))
        if unit is None:
            raise Http404
        return unit

    def title(self, about):
        return f"{_('Disclosures')} · {getattr(about, 'label', about)}" if about else _("Disclosures")

    def description(self, about):
        return _("What has been disclosed, newest first.")

    def link(self, about):
        return reverse("disclosures:list")

    def items(self, about):
        at = timezone.now()
        rows = (
            Publication.objects.on_show(at, local_day(at))
            .filter(audience=Audience.EVERYBODY)
            .exclude(state=PublicationState.WITHDRAWN)
            .select_related("unit", "item")
            .prefetch_related("versions")
        )
        if isinstance(about, Section):
            rows = rows.filter(item__section=about)
        elif about is not None:
            rows = rows.filter(inside([about]))
        return list(rows.order_by("-publish_at", "-pk")[:NEWEST])

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        shown = [version for version in item.versions.all() if version.shown_from <= timezone.now()]
        words = Truncator(plain(shown[-1].body)).chars(200) if shown else ""
        return f"{item.item.code} · {item.unit.name} · {words}"

    def item_link(self, item):
        return reverse("disclosures:public", args=[item.number])

    def item_day(self, item):
        return local_day(item.publish_at)
