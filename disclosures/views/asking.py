"""Opinions, objections and requests to disclose: with a name when signed in, without one on pages that know nobody."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from feedback.enums import IdentityMode, InquiryKind, Topic
from feedback.operations import InquiryDraft
from feedback.queries import is_sent
from feedback.rules import is_author
from feedback.views.anonymous import is_from_here, key_of_token, make_token
from feedback.views.receipts import receipt_context
from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.kernel.anonymity import buckets
from portal.kernel.days import day_end, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from portal.kernel.views import OperationFormView

from ..enums import OpinionKind, PublicationState, Section
from ..forms.asking import OpinionForm, RequestForm
from ..models import CatalogueItem, Publication
from ..operations import ask_disclosure, can_object, give_opinion
from ..queries import publication_by_number, with_working_relations
from ..rules import may_read_public

TOPIC_OF = {
    Section.DECISIONS: Topic.RULES,
    Section.OPERATIONS: Topic.PRODUCTION,
    Section.INTERESTS: Topic.PAY,
    Section.SAFETY: Topic.SAFETY,
    Section.CADRES: Topic.CONDUCT,
    Section.DEMOCRACY: Topic.RULES,
}


class _AskView(OperationFormView):
    """A form that becomes an inquiry; subclasses say about what, and whether anybody is known."""

    is_anonymous = False
    title = lead = back_url = back_label = other_url = ""

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_anonymous": self.is_anonymous}

    def ask(self, form, draft, author, at):
        """Call the operation and return the receipt."""
        raise NotImplementedError

    def topic(self, form):
        return Topic.OTHER

    def unit(self, form):
        raise NotImplementedError

    def kind(self, form):
        return InquiryKind.QUESTION

    def draft(self, form, key):
        values = form.cleaned_data
        return InquiryDraft(
            kind=self.kind(form),
            topic=self.topic(form),
            unit=self.unit(form),
            subject=values["subject"],
            body=values["body"],
            identity_mode=IdentityMode.ANONYMOUS if self.is_anonymous else values["mode"],
            idempotency_key=key,
            may_publish=values["may_publish"],
        )

    def operate(self, form):
        author, at = self.request.user, timezone.now()
        receipt = self.ask(form, self.draft(form, form.cleaned_data["idempotency_key"]), author, at)
        if not receipt.is_new and not is_author(author, receipt.inquiry):
            raise Conflict(_("This form has been sent already. Begin a new one."))
        url = reverse("feedback:receipt", args=[receipt.inquiry.number])
        return redirect(url if receipt.is_new else f"{url}?again=1")

    def get_context_data(self, **kwargs):
        token = self.request.POST.get("form_token", "") if self.is_anonymous else ""
        return super().get_context_data(
            **{
                "title": self.title,
                "lead": self.lead,
                "back_url": self.back_url,
                "back_label": self.back_label,
                "other_url": self.other_url,
                "is_anonymous": self.is_anonymous,
                "form_token": token if key_of_token(token) else make_token() if self.is_anonymous else "",
                "base": "base_plain.html" if self.is_anonymous else "base.html",
                **kwargs,
            }
        )


class _NamelessMixin:
    """The same without a session: a signed token with an age, and a share for each salted bucket of addresses."""

    is_anonymous = True

    def operate(self, form):
        at = timezone.now()
        today = local_day(at)
        if not is_from_here(self.request):
            raise OperationRefused(_("This form came from another site and was not taken."))
        key = key_of_token(self.request.POST.get("form_token", ""))
        if key is None:
            raise OperationRefused(
                _("This page was open for a long time. Nothing has been sent yet: please press send once more.")
            )
        if not is_sent(key) and not buckets.take(self.request.rate_bucket, day=today):
            form.add_error(
                None,
                _(
                    "The most anonymous letters that one place may send in a day have been sent. Try again after"
                    " midnight. Nothing has been sent yet."
                ),
            )
            response = self.render_to_response(self.get_context_data(form=form), status=429)
            response.headers["Retry-After"] = str(int((day_end(today) - at).total_seconds()) + 1)
            return response
        receipt = self.ask(form, self.draft(form, key), None, at)
        if receipt.inquiry.identity_mode != IdentityMode.ANONYMOUS:
            raise Conflict(_("This form has been sent already. Begin a new one."))
        context = receipt_context(self.request, receipt.inquiry, receipt.code, at)
        return render(self.request, "feedback/receipt_anonymous.html", {**context, "is_again": not receipt.is_new})


class _OpinionBase(_AskView):
    """Say something about one text that the reader may read."""

    form_class = OpinionForm
    template_name = "disclosures/ask.html"

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        rows = with_working_relations(Publication.objects.appeared(self.at))
        self.publication = publication_by_number(kwargs["number"], rows)
        reader = None if self.is_anonymous else request.user
        if (
            self.publication is None
            or self.publication.state == PublicationState.WITHDRAWN
            or not may_read_public(reader, self.publication)
        ):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def can_object(self):
        return can_object(self.publication, self.at)

    @property
    def title(self):
        return _("Object to this notice") if self.can_object else _("Say what you think of it")

    @property
    def lead(self):
        return _("“%(title)s”. The union registers it, and it is answered within thirty days.") % {
            "title": self.publication.title
        }

    @property
    def back_url(self):
        return reverse("disclosures:public", args=[self.publication.number])

    @property
    def other_url(self):
        name = "disclosures:opinion" if self.is_anonymous else "disclosures:opinion_anonymous"
        return reverse(name, args=[self.publication.number])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "can_object": self.can_object}

    def topic(self, form):
        return TOPIC_OF[Section(self.publication.item.section)]

    def kind(self, form):
        is_objection = form.cleaned_data["kind"] == OpinionKind.OBJECTION
        return InquiryKind.COMPLAINT if is_objection else InquiryKind.SUGGESTION

    def unit(self, form):
        return self.publication.unit

    def ask(self, form, draft, author, at):
        return give_opinion(
            publication_id=self.publication.pk, kind=form.cleaned_data["kind"], draft=draft, author=author, at=at
        )


class OpinionView(_OpinionBase):
    """An opinion or objection with a name, or in confidence."""


@method_decorator([public_view, never_cache], name="dispatch")
class OpinionAnonymousView(_NamelessMixin, _OpinionBase):
    """An opinion or objection from nobody: the receipt is shown once."""


class _RequestBase(_AskView):
    """Ask a unit to disclose what is missing."""

    form_class = RequestForm
    template_name = "disclosures/ask.html"

    @property
    def title(self):
        return _("Ask for disclosure")

    @property
    def lead(self):
        return _(
            "Something should be public and is not? Say what is missing. The union registers it, and it is answered"
            " within thirty days."
        )

    @property
    def back_url(self):
        return reverse("disclosures:duties")

    @property
    def other_url(self):
        return reverse("disclosures:ask" if self.is_anonymous else "disclosures:ask_anonymous")

    def get_form_kwargs(self):
        units = Unit.objects.active().select_related("parent").order_by("path")
        items = CatalogueItem.objects.filter(is_active=True).order_by("code")
        return {**super().get_form_kwargs(), "units": units, "items": items}

    def get_initial(self):
        return {"unit": self.request.GET.get("unit", "")[:20], "item": self.request.GET.get("item", "")[:8]}

    def topic(self, form):
        item = form.chosen_item()
        return TOPIC_OF[Section(item.section)] if item else Topic.OTHER

    def unit(self, form):
        return form.cleaned_data["unit"]

    def ask(self, form, draft, author, at):
        return ask_disclosure(item=form.chosen_item(), draft=draft, author=author, at=at)


class RequestView(_RequestBase):
    """A request to disclose with a name, or in confidence."""


@method_decorator([public_view, never_cache], name="dispatch")
class RequestAnonymousView(_NamelessMixin, _RequestBase):
    """A request to disclose from nobody: the receipt is shown once."""
