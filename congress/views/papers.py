"""Papers of a session with their delivery, opinions with their answers, decisions of the joint meeting."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from portal.kernel.days import local_day
from portal.kernel.forms import PortalForm
from portal.kernel.paging import keyset_page

from ..forms.agenda import AnswerForm, DeliverForm, JointForm, PaperForm
from ..models import ItemOpinion
from ..operations import agenda as does
from ..queries.agenda import agenda_of, deliveries_of, delivery_counts, opinions_of
from ..queries.resolutions import reports_missing
from ..rules import agenda as rules
from ..rules.resolutions import has_all_reports
from ..rules.terms import keeps_term
from .base import CongressActView, TermActView
from .planning import KeptActView, find_kept

PAGE_SIZE = 60


class PaperNewView(KeptActView):
    """Add a paper for the delegates."""

    form_class = PaperForm
    may = staticmethod(rules.may_add_paper)
    title = _("Add a paper")
    lead = _("A paper that comes less than seven days before the opening makes the notice late.")
    icon = "file-plus"
    said = _("The paper has been added.")
    needs_multipart = True

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "items": agenda_of(self.thing)}

    def get_initial(self):
        return {"item": self.request.GET.get("item", "")}

    def operate(self, form):
        data = form.cleaned_data
        files = data["files"]
        self.act(
            does.add_paper,
            title=data["title"],
            item=form.items.get(data["item"]),
            text=data["text"],
            upload=files[0] if files else None,
            idempotency_key=data["idempotency_key"],
        )
        return self.done()


class ConveneView(KeptActView):
    """Send agenda and papers to all delegates."""

    form_class = PortalForm
    title = _("Convene the delegates")
    lead = _("Agenda and papers go to every delegate, the agenda to all staff. From then on the agenda stands.")
    button = _("Convene the delegates")
    tone = "seal"
    icon = "megaphone"
    said = _("The delegates are convened.")

    def verdict(self):
        complete = has_all_reports(reports_missing(self.thing))
        return rules.may_convene(self.request.user, self.thing, complete)

    def operate(self, form):
        self.act(does.convene_session)
        return self.done()


class DeliverView(KeptActView):
    """Give agenda and papers to delegates who have none yet."""

    form_class = DeliverForm
    may = staticmethod(rules.may_deliver)
    title = _("Give the papers to delegates who have none")
    button = _("Record the delivery")

    def back_url(self):
        return reverse("congress:session_deliveries", args=[self.thing.pk])

    def operate(self, form):
        count = self.act(does.deliver_rest, **form.cleaned_data)
        said = ngettext("The papers went to %(n)d delegate.", "The papers went to %(n)d delegates.", count)
        messages.success(self.request, said % {"n": count})
        return redirect(self.back_url())


class DeliveriesView(TemplateView):
    """The proof of delivery, delegate by delegate."""

    template_name = "congress/deliveries.html"

    def get_context_data(self, **kwargs):
        session = find_kept(self.request.user, self.kwargs["pk"])
        page = keyset_page(
            deliveries_of(session),
            order=("electing_unit__unit__path", "seat", "id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        return super().get_context_data(
            session=session,
            page=page,
            rows=[{"one": one, "proof": next(iter(one.proof), None)} for one in page],
            counts=delivery_counts(session),
            may_deliver=bool(rules.may_deliver(self.request.user, session)),
            **kwargs,
        )


class OpinionsView(TemplateView):
    """What delegations and delegates said of the items, and the answers."""

    template_name = "congress/opinions.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        session = find_kept(user, self.kwargs["pk"])
        page = keyset_page(
            opinions_of(session),
            order=("item__position", "given_at", "id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        return super().get_context_data(session=session, page=page, opinions=list(page), **kwargs)


class OpinionAnswerView(CongressActView):
    """Answer an opinion."""

    name = "opinion"
    form_class = AnswerForm
    may = staticmethod(rules.may_answer_opinion)
    title = _("Answer the opinion")
    said = _("The answer has been given.")

    def find(self):
        rows = ItemOpinion.objects.select_related("item__session__term__unit", "mandate")
        opinion = rows.filter(pk=self.kwargs["pk"]).first()
        if opinion is None or not keeps_term(self.request.user, opinion.item.session.term):
            raise Http404
        return opinion

    @property
    def lead(self):
        return self.thing.text

    def back_url(self):
        return reverse("congress:session_opinions", args=[self.thing.item.session_id])

    def eyebrow(self):
        return self.thing.item.title

    def operate(self, form):
        self.act(does.answer_opinion, **form.cleaned_data)
        return self.done()


class JointNewView(TermActView):
    """Record a decision of the joint meeting."""

    form_class = JointForm
    title = _("Record a decision of the joint meeting")
    lead = _("It holds until the next session, which confirms it or does not.")
    said = _("The decision waits for the next session.")

    def verdict(self):
        return rules.may_record_joint(self.request.user, self.thing, self.at)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "today": local_day(self.at)}

    def operate(self, form):
        self.act(does.record_joint, **form.cleaned_data)
        return self.done()
