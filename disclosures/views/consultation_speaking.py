"""Saying something about a draft: with the account, or under a nickname on a page that knows nobody."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from feedback.views.anonymous import is_from_here, key_of_token, make_token
from portal.accounts.middleware import public_view
from portal.kernel.anonymity import buckets
from portal.kernel.days import day_end, local_day
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused, require
from portal.kernel.views import OperationFormView

from ..consulting import consultation_standing, label_of
from ..forms.consultations import SayForm
from ..models import Consultation, ConsultationOpinion
from ..operations import OpinionDraft, say_opinion
from ..queries.consultations import with_consultation_relations
from ..rules.consultations import may_speak
from .consultation_links import is_vouched, nickname_url
from .consultations import find_clause, find_consultation

# A draft has many clauses and a shift shares one network: more than letters, still no flood.
PER_ADDRESS, PER_SUBNET = 20, 200


class _SayView(OperationFormView):
    """A form about one clause; subclasses say who is known."""

    form_class = SayForm
    template_name = "disclosures/consultations/say.html"
    is_nameless = False

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.consultation = self.find()
        self.clause = find_clause(self.consultation, kwargs["anchor"])
        if request.method in ("GET", "HEAD"):
            require(self.verdict())
        return super().dispatch(request, *args, **kwargs)

    def find(self):
        """Return the consultation for this reader; everything else is a 404."""
        return find_consultation(self.request, self.kwargs["pk"])

    def verdict(self):
        return may_speak(self.request.user, self.consultation, is_open=self.consultation.is_open(self.at))

    def form_invalid(self, form):
        verdict = self.verdict()
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_nameless": self.is_nameless}

    def say(self, form, key, author):
        values = form.cleaned_data
        draft = OpinionDraft(
            clause=self.clause,
            stance=values["stance"],
            text=values["text"],
            idempotency_key=key,
            nickname=values.get("nickname", ""),
            shows_name=values.get("shows_name", False),
        )
        return say_opinion(
            consultation_id=self.consultation.pk,
            draft=draft,
            author=author,
            at=timezone.now(),
            is_vouched=self.is_nameless,
        )

    @property
    def back_url(self):
        return reverse("disclosures:consultation", args=[self.consultation.pk]) + f"#clause-{self.kwargs['anchor']}"

    def get_context_data(self, **kwargs):
        anchor = self.kwargs["anchor"]
        return super().get_context_data(
            **{
                "consultation": self.consultation,
                "standing": consultation_standing(self.consultation, self.at),
                "clause": self.clause,
                "label": label_of(self.clause),
                "back_url": self.back_url,
                "named_url": reverse("disclosures:consultation_say", args=[self.consultation.pk, anchor]),
                "nickname_url": nickname_url(self.consultation, anchor, local_day(self.at)),
                "is_nameless": self.is_nameless,
                "base": "base_plain.html" if self.is_nameless else "base.html",
                **kwargs,
            }
        )


class ConsultationSayView(_SayView):
    """An opinion with the account; the name is shown only to whom its owner wants."""

    def operate(self, form):
        given = self.say(form, form.cleaned_data["idempotency_key"], self.request.user)
        messages.success(
            self.request,
            _("Your opinion stands with the draft. What becomes of it you will read here, and be told.")
            if given.is_new
            else _("This opinion had been taken already."),
        )
        return redirect(self.back_url)


@method_decorator([public_view, never_cache], name="dispatch")
class ConsultationSayNicknameView(_SayView):
    """An opinion under a nickname: no account, no address, no time of day; a share for each bucket of addresses."""

    is_nameless = True

    def find(self):
        consultation = only_one(with_consultation_relations(Consultation.objects.opened()).filter(pk=self.kwargs["pk"]))
        sign = self.request.GET.get("r", "")
        if consultation is None or not is_vouched(consultation, sign, local_day(self.at)):
            raise Http404
        return consultation

    def verdict(self):
        return may_speak(None, self.consultation, is_open=self.consultation.is_open(self.at), is_vouched=True)

    def operate(self, form):
        today = local_day(self.at)
        if not is_from_here(self.request):
            raise OperationRefused(_("This form came from another site and was not taken."))
        key = key_of_token(self.request.POST.get("form_token", ""))
        if key is None:
            raise OperationRefused(
                _("This page was open for a long time. Nothing has been sent yet: please press send once more.")
            )
        is_sent = ConsultationOpinion.objects.filter(idempotency_key=key).exists()
        if not is_sent and not self._has_room(today):
            form.add_error(
                None,
                _(
                    "The most opinions under a nickname that one place may send in a day have been sent. Try again"
                    " after midnight. Nothing has been sent yet."
                ),
            )
            response = self.render_to_response(self.get_context_data(form=form), status=429)
            response.headers["Retry-After"] = str(int((day_end(today) - self.at).total_seconds()) + 1)
            return response
        self.say(form, key, None)
        context = {"consultation": self.consultation, "label": label_of(self.clause), "back_url": self.back_url}
        return render(self.request, "disclosures/consultations/said.html", context)

    def _has_room(self, today):
        bucket = self.request.rate_bucket
        # Counted beside letters without a name, so that an opinion takes nobody's letter away.
        own = replace(bucket, address=b"opinion:" + bucket.address, subnet=b"opinion:" + bucket.subnet)
        return buckets.take(own, day=today, per_address=PER_ADDRESS, per_subnet=PER_SUBNET)

    def get_context_data(self, **kwargs):
        token = self.request.POST.get("form_token", "")
        return super().get_context_data(form_token=token if key_of_token(token) else make_token(), **kwargs)
