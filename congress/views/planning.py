"""The working page of a session before it opens, and the acts of preparing it."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from portal.files.serving import serve
from portal.kernel.rows import only_one
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import AFTER, SENT_BACK, SessionState
from ..forms.agenda import (
    CredentialsForm,
    ItemForm,
    ReasonForm,
    StepForm,
)
from ..models import AgendaItem, SessionStep
from ..operations import agenda as does
from ..operations.planning import do_step, fix_credentials, planned_days
from ..queries.agenda import (
    agenda_of,
    bills_waiting,
    delivery_counts,
    joint_waiting,
    missing_reports,
    papers_of,
    steps_of,
)
from ..queries.resolutions import reports_missing
from ..queries.sessions import is_year_without_a_hall
from ..rules import agenda as rules
from ..rules import sessions as session_rules
from ..rules.resolutions import has_all_reports
from ..rules.terms import keeps_term
from ..wording import when_of
from .base import CongressActView
from .sessions import TONES, find_session

PAGE_SIZE = 60
PLAIN = ("kind", "title", "report", "speaker", "minutes", "position")


def find_kept(user, pk):
    """Return a session that this person keeps; everything else is a 404."""
    session = find_session(pk)
    if not keeps_term(user, session.term):
        raise Http404
    return session


class SessionDeskView(TemplateView):
    """The working page of a session: steps with their days, agenda, what is missing, papers, next acts."""

    template_name = "congress/session_desk.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        session = find_kept(user, self.kwargs["pk"])
        items = agenda_of(session)
        by_key = {item.pk: item for item in items}
        unreported = reports_missing(session) if session.state == SessionState.PLANNED else []
        return super().get_context_data(
            session=session,
            tone=TONES.get(session.state, "grey"),
            when=when_of(session),
            steps=_timeline(session, user, at),
            items=items,
            count=len(by_key),
            missing=missing_reports(session),
            has_no_hall=is_year_without_a_hall(session),
            joints=joint_waiting(session.term),
            bills=bills_waiting(session),
            papers=papers_of(session),
            delivery=delivery_counts(session),
            may_draft=bool(rules.may_draft_agenda(user, session)),
            may_add_paper=bool(rules.may_add_paper(user, session)),
            convening=_convening(user, session, items, unreported),
            unreported=unreported,
            may_fix_credentials=bool(rules.may_fix_credentials(user, session)),
            may_move=bool(session_rules.may_move_session(user, session)),
            lines=history_of(subject_key(session), with_time=True, with_all=True),
            **kwargs,
        )


def _convening(user, session, items, unreported):
    """The rule reads the items that have been read already."""
    session._prefetched_objects_cache = {"items": items}
    return rules.may_convene(user, session, has_all_reports(unreported))


def _timeline(session, user, at):
    """Return the steps with the day on which each is due, done or expected."""
    days = planned_days(session, at)
    rows = []
    for line in steps_of(session, at):
        step = line["one"]
        step.session = session
        expected = days.get(step.code)
        if line["clock"] is None and step.code in AFTER:
            expected = None
        rows.append({**line, "expected": expected, "may_do": bool(rules.may_do_step(user, step))})
    return rows


class KeptActView(CongressActView):
    """An act on a session by the union that keeps it."""

    name = "session"
    home = "congress:session_desk"

    def find(self):
        return find_kept(self.request.user, self.kwargs["pk"])

    def eyebrow(self):
        return self.thing.title


class StepFileView(View):
    """The scan beside a step, for the union that keeps the session."""

    def get(self, request, pk):
        step = only_one(SessionStep.objects.select_related("file", "session__term__unit").filter(pk=pk))
        if step is None or step.file is None or not keeps_term(request.user, step.session.term):
            raise Http404
        return serve(step.file)


class StepDoView(CongressActView):
    """Record that a step is done."""

    name = "step"
    form_class = StepForm
    may = staticmethod(rules.may_do_step)
    lead = _("What is recorded here ends the clock of this step.")
    said = _("The step is done.")
    needs_multipart = True

    def find(self):
        step = SessionStep.objects.select_related("session__term__unit", "promise").filter(pk=self.kwargs["pk"]).first()
        if step is None or not keeps_term(self.request.user, step.session.term):
            raise Http404
        return step

    @property
    def title(self):
        return self.thing.get_code_display()

    def back_url(self):
        return reverse("congress:session_desk", args=[self.thing.session_id])

    def eyebrow(self):
        return self.thing.session.title

    def operate(self, form):
        files = form.cleaned_data["files"]
        self.act(do_step, evidence=form.cleaned_data["evidence"], upload=files[0] if files else None)
        return self.done()


class SessionCredentialsView(KeptActView):
    """Record the credential report."""

    form_class = CredentialsForm
    may = staticmethod(rules.may_fix_credentials)
    title = _("Credential report")
    lead = _("It says how many delegates there are in all: quorum and majority are counted of this number.")
    said = _("The number of delegates is fixed for this session.")

    def operate(self, form):
        self.act(fix_credentials, **form.cleaned_data)
        return self.done()


class _ItemFormView(KeptActView):
    form_class = ItemForm
    template_name = "congress/act.html"
    icon = "list-plus"
    said = _("The agenda has been changed.")
    may = staticmethod(rules.may_draft_agenda)

    def get_form_kwargs(self):
        session = self.thing
        joints = joint_waiting(session.term)
        if self.item() is not None and self.item().joint is not None:
            joints.append(self.item().joint)
        bills = bills_waiting(session)
        if self.item() is not None and self.item().bill is not None:
            bills.append(self.item().bill)
        sent_back = AgendaItem.objects.filter(session__term=session.term_id, state__in=SENT_BACK, revised_by=None)
        return {**super().get_form_kwargs(), "joints": joints, "sent_back": sent_back, "bills": bills}

    def item(self):
        """Return the item that is changed, or None for a new one."""
        return None

    def operate(self, form):
        self.act(does.set_item, **form.values(), item=self.item())
        return self.done()


class ItemNewView(_ItemFormView):
    """Put an item on the agenda."""

    title = _("Put an item on the agenda")

    def get_initial(self):
        asked = self.request.GET
        report = next((one for one in missing_reports(self.thing) if one.code == asked.get("report")), None)
        joint = next((one for one in joint_waiting(self.thing.term) if str(one.pk) == asked.get("joint")), None)
        bill = next((one for one in bills_waiting(self.thing) if str(one.pk) == asked.get("bill")), None)
        if bill is not None:
            title = _("Deliberate on the bill: %(title)s") % {"title": bill.title}
            return {"kind": "approve", "title": title, "bill": str(bill.pk)}
        if report is not None:
            return {"kind": report.kind, "title": report.title, "report": report.code}
        if joint is not None:
            title = _("Confirm the decision of the joint meeting: %(title)s") % {"title": joint.title}
            return {"kind": "approve", "title": title, "joint": str(joint.pk)}
        return {}


class ItemEditView(_ItemFormView):
    """Change an item of the agenda."""

    title = _("Change the item")

    def find(self):
        rows = AgendaItem.objects.select_related("session", "joint", "bill__call__session", "bill__term")
        item = rows.filter(pk=self.kwargs["pk"]).first()
        if item is None:
            raise Http404
        self._item = item
        return find_kept(self.request.user, item.session_id)

    def item(self):
        return self._item

    def get_initial(self):
        item = self._item
        plain = {name: getattr(item, name) for name in (*PLAIN, "can_write_in")}
        return {
            **plain,
            "names": "\n".join(item.names),
            "seats": item.seats or None,
            "joint": str(item.joint_id or ""),
            "bill": str(item.bill_id or ""),
            "revises": str(item.revises_id or ""),
        }


class ItemWithdrawView(CongressActView):
    """Take an item off the agenda."""

    name = "item"
    form_class = ReasonForm
    may = staticmethod(rules.may_withdraw_item)
    title = _("Take the item off the agenda")
    lead = _("It stays in the minutes as taken off, with the reason.")
    button = _("Take it off")
    tone = "danger"
    said = _("The item is off the agenda.")

    def find(self):
        item = AgendaItem.objects.select_related("session__term__unit").filter(pk=self.kwargs["pk"]).first()
        if item is None or not keeps_term(self.request.user, item.session.term):
            raise Http404
        return item

    def back_url(self):
        return reverse("congress:session_desk", args=[self.thing.session_id])

    def eyebrow(self):
        return self.thing.title

    def operate(self, form):
        self.act(does.withdraw_item, **form.cleaned_data)
        return self.done()
