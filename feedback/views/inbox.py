"""What waits for a leader or a department, by the day it is due; and the same days in one's own calendar."""

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.middleware import public_view
from portal.accounts.models import Person
from portal.kernel.paging import keyset_page
from portal.kernel.verdicts import ALLOWED, denied, require

from ..documents import due_days_calendar
from ..operations import end_calendar_address, make_calendar_address
from ..operations.calendars import token_hash
from ..queries import calendar_matters, lamp_condition, leader_inbox
from ..soonest import KINDS, LAMPS, soonest_due
from .desk_rows import inbox_rows
from .reading import rows_of

LABELS = {
    "handle": _("to handle"),
    "approve": pgettext_lazy("board", "to approve"),
    "deliver": pgettext_lazy("board", "to deliver"),
    "tracked": _("promises to keep"),
    "assisting": _("assisting"),
    "reported": _("reported to me"),
}
EMPTY = {
    "handle": _("Matters assigned to your department will appear here, the soonest due first."),
    "approve": _("Replies that wait for your approval will appear here."),
    "deliver": _("Approved replies that have not reached the workers yet will appear here."),
    "tracked": _("Matters answered with a promised day (B and C) will appear here until that day."),
    "assisting": _("Matters in which your department assists will appear here."),
    "reported": _("What the departments under you have in hand will appear here."),
}
WORKERS = (Role.HANDLER, Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR)
COUNTED = 200  # rows a tab counts lamps over; beyond it says "200+"


def may_open_inbox(user):
    """Whether the person handles matters at all."""
    if authority_of(user).holds(*WORKERS):
        return ALLOWED
    return denied(
        gettext(
            "The inbox is for those who handle matters: handlers, department heads, leaders in charge and "
            "discipline inspectors."
        )
    )


def tabs_for(user):
    """Return the tabs that make sense for the person's roles."""
    authority = authority_of(user)
    if authority.holds(Role.HANDLER, Role.DEPARTMENT_HEAD, Role.DISCIPLINE_INSPECTOR):
        tabs = ["handle"]
        if authority.holds(Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR):
            tabs.append("approve")
        tabs += ["deliver", "tracked"]
        if authority.holds(Role.HANDLER, Role.DEPARTMENT_HEAD):
            tabs.append("assisting")
        return [*tabs, "reported"] if authority.holds(Role.LEADER_IN_CHARGE) else tabs
    return ["approve", "reported"]


class InboxView(TemplateView):
    """The inbox: sorted by the day it is due, so that what is overdue stands first by itself."""

    template_name = "feedback/desk_inbox.html"

    def dispatch(self, request, *args, **kwargs):
        require(may_open_inbox(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        tabs = tabs_for(user)
        tab = self.request.GET.get("tab", "")
        tab = tab if tab in tabs else tabs[0]
        lamp = self.request.GET.get("lamp", "")
        lamp = lamp if lamp in LAMPS else ""
        token = self.request.GET.get("after", "")
        if tab in KINDS:
            inbox = soonest_due(user, tab, at=at, lamp=lamp, token=token)
            page, counts, is_capped = inbox.page, inbox.counts, inbox.is_capped
        else:
            rows = leader_inbox(user, tab)
            counts = lamp_counts(rows, at)
            is_capped = sum(counts.values()) >= COUNTED
            if lamp:
                rows = rows.filter(lamp_condition(lamp, at))
            page = keyset_page(rows, order=("promise__due_at", "pk"), token=token, size=25)
        rows = rows_of(page.items, at=at)
        return super().get_context_data(
            **{
                "tabs": [{"label": LABELS[code], "url": f"?tab={code}", "is_current": code == tab} for code in tabs],
                "tab": tab,
                "lamp": lamp,
                "lamps": [
                    ("red", _("overdue"), counts["red"]),
                    ("yellow", _("due within 5 days"), counts["yellow"]),
                    ("blue", _("more than 5 days left"), counts["blue"]),
                    ("grey", _("clock paused"), counts["grey"]),
                ],
                "is_capped": is_capped,
                "rows": rows,
                "rows_html": inbox_rows(rows, tab=tab),
                "page": page,
                "empty": EMPTY[tab],
                **kwargs,
            }
        )


def lamp_counts(rows, at):
    """Return how many of the soonest due show each lamp, in one statement that reads at most COUNTED rows."""
    lamps = {lamp: Count("pk", filter=lamp_condition(lamp, at)) for lamp in ("red", "yellow", "blue", "grey")}
    counted = (
        rows.model.objects.filter(pk__in=rows.order_by("promise__due_at", "pk").values("pk")[:COUNTED])
        .order_by()
        .aggregate(**lamps)
    )
    return {lamp: n or 0 for lamp, n in counted.items()}


class CalendarAddressView(TemplateView):
    """One's private calendar address: make it, replace it, end it. The address itself is shown once."""

    template_name = "feedback/desk_calendar.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            require(may_open_inbox(request.user))
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    def post(self, request, *args, **kwargs):
        user, now = request.user, timezone.now()
        address = ""
        if request.POST.get("act") == "end":
            end_calendar_address(person_id=user.pk, actor=user, at=now)
        else:
            token = make_calendar_address(person_id=user.pk, actor=user, at=now)
            address = request.build_absolute_uri(reverse("feedback:ics", args=[token]))
        user.refresh_from_db(fields=["ics_token"])
        return self.render_to_response(self.get_context_data(address=address, has_ended=not address))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"has_address": bool(self.request.user.ics_token), **kwargs})


@method_decorator(public_view, name="dispatch")
class CalendarView(View):
    """The due days of one person's matters for a calendar program; whoever has the address has the days."""

    def get(self, request, token):
        person = (
            Person.objects.select_related("unit").filter(ics_token=token_hash(token), is_active=True).first()
            if token
            else None
        )
        if person is None or not may_open_inbox(person):
            raise Http404

        def address(inquiry):
            return request.build_absolute_uri(reverse("feedback:work", args=[inquiry.number]))

        content = due_days_calendar(calendar_matters(person), at=timezone.now(), address=address)
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Content-Disposition"] = 'inline; filename="due-days.ics"'
        return response
