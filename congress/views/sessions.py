"""Sessions: the public list and page; planned, moved, put off by the union."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.ballots.enums import PollState
from portal.kernel.days import LOCAL
from portal.kernel.paging import keyset_page
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import SessionKind, SessionState
from ..forms.sessions import MoveForm, PutOffForm, SessionForm
from ..operations.sessions import cancel_session, move_session, plan_session, postpone_session
from ..queries.agenda import agenda_of, delegate_of
from ..queries.hall import polls_of
from ..queries.resolutions import resolutions_of
from ..queries.sessions import sessions_known, sessions_of
from ..rules import sessions as rules
from ..rules.agenda import is_public_agenda
from ..rules.terms import keeps_term
from ..wording import when_of
from .base import CongressActView, TermActView
from .public import _TermPage

PAGE_SIZE = 20
TONES = {"open": "red", "convened": "blue", "closed": "green", "disclosed": "green", "planned": "ink"}


def find_session(pk):
    """Return a session; everybody may know of it."""
    session = sessions_known().filter(pk=pk).first()
    if session is None:
        raise Http404
    return session


@method_decorator(public_view, name="dispatch")
class SessionsView(_TermPage):
    """The sessions of a term."""

    template_name = "congress/sessions.html"

    def about(self, term, at):
        page = keyset_page(
            sessions_of(term),
            order=("-opens_at", "id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        user = self.request.user
        return {
            "page": page,
            "sessions": [{"one": one, "tone": TONES.get(one.state, "grey")} for one in page],
            "may_plan": user.is_authenticated and bool(rules.may_plan_session(user, term, at)),
        }


@method_decorator(public_view, name="dispatch")
class SessionView(TemplateView):
    """One session, as everybody may read it."""

    template_name = "congress/session.html"

    def get_context_data(self, **kwargs):
        session, user = find_session(self.kwargs["pk"]), self.request.user
        is_known = user.is_authenticated
        return super().get_context_data(
            session=session,
            tone=TONES.get(session.state, "grey"),
            is_extra=session.kind == SessionKind.EXTRA,
            when=when_of(session),
            items=agenda_of(session) if is_public_agenda(session) else [],
            polls=[row for row in polls_of(session) if row.poll.state == PollState.PUBLISHED],
            resolutions=list(resolutions_of(session)),
            has_minutes=session.state == SessionState.DISCLOSED,
            is_kept=is_known and keeps_term(user, session.term),
            is_delegate=is_known and is_public_agenda(session) and delegate_of(session.term_id, user) is not None,
            may_move=is_known and bool(rules.may_move_session(user, session)),
            may_postpone=is_known and bool(rules.may_postpone_session(user, session)),
            may_cancel=is_known and bool(rules.may_cancel_session(user, session)),
            lines=history_of(subject_key(session)),
            **kwargs,
        )


class SessionActView(CongressActView):
    """An act on a session."""

    name = "session"
    home = "congress:session"

    def find(self):
        return find_session(self.kwargs["pk"])

    def eyebrow(self):
        return self.thing.title


class SessionNewView(TermActView):
    """Plan a session of a term."""

    form_class = SessionForm
    title = _("Plan a session")
    icon = "calendar-plus"
    button = _("Plan it")

    def verdict(self):
        return rules.may_plan_session(self.request.user, self.thing, timezone.now())

    def operate(self, form):
        data = form.cleaned_data
        session = self.act(
            plan_session,
            kind=data["kind"],
            proposer=data["proposer"],
            purpose=data["purpose"],
            idempotency_key=data["idempotency_key"],
            **form.times(),
        )
        return redirect("congress:session", session.pk)


class SessionMoveView(SessionActView):
    """Give a session another day, time or place."""

    form_class = MoveForm
    may = staticmethod(rules.may_move_session)
    title = _("Change day or place")
    lead = _("Delegates who have been convened are told of the new day. The steps of preparation move with it.")
    said = _("Day and place have been changed.")

    def get_initial(self):
        session = self.thing
        return {
            "opens_on": session.opens_on,
            "opens_time": session.opens_at.astimezone(LOCAL).time(),
            "closes_on": session.closes_on,
            "place": session.place,
            "mode": session.mode,
        }

    def operate(self, form):
        self.act(move_session, **form.times())
        return self.done()


class SessionPostponeView(SessionActView):
    """Put a session off."""

    form_class = PutOffForm
    may = staticmethod(rules.may_postpone_session)
    title = _("Postpone the session")
    lead = _("Give it a new day as soon as one is agreed; until then it stands as postponed, with the reason.")
    button = _("Postpone")
    tone = "danger"
    said = _("The session has been postponed.")

    def operate(self, form):
        self.act(postpone_session, **form.cleaned_data)
        return self.done()


class SessionCancelView(SessionActView):
    """Give a session up."""

    form_class = PutOffForm
    may = staticmethod(rules.may_cancel_session)
    title = _("Cancel the session")
    lead = _("Its page stays, with the reason; its number is given to the next one.")
    button = _("Cancel the session")
    tone = "danger"
    said = _("The session has been cancelled.")

    def back_url(self):
        return reverse("congress:session", args=[self.thing.pk])

    def operate(self, form):
        self.act(cancel_session, **form.cleaned_data)
        return self.done()
