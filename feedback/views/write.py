"""
Writing a card: one question a screen, an overview with ways back to each, then the receipt.

Nothing is kept on the server between the screens. Each page carries the
answers given so far as hidden fields, and whatever comes back is checked
again before it is sent, so that it works without script, without a session
and in two windows at once.
"""

import uuid

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from portal.accounts.middleware import public_view
from portal.files import staging
from portal.files.intake import UploadRefused
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused

from ..enums import IdentityMode, InquiryKind
from ..forms.card import (
    KIND_ABOUT,
    KIND_ICONS,
    MODE_ICONS,
    TOPIC_ICONS,
    CheckForm,
    KindForm,
    ModeForm,
    PlaceForm,
    TopicForm,
    WordsForm,
)
from ..operations import CardDraft, submit_card
from ..queries import similar_inquiries
from ..registrations import who_sees_name
from ..rules import is_author

FORMS = {
    "kind": KindForm,
    "topic": TopicForm,
    "place": PlaceForm,
    "words": WordsForm,
    "mode": ModeForm,
    "check": CheckForm,
}
# Every name that may travel from page to page; anything else that is posted is left behind.
CARRIED = (
    "kind",
    "topic",
    "unit",
    "is_about_cadre",
    "subject",
    "body",
    "suggestion",
    "files-kept",
    "mode",
    "may_publish",
    "seen",
)


class CardWizard(View):
    """The screens of a card; what differs for unnamed writers is in the subclasses."""

    steps = ("kind", "topic", "place", "words", "mode", "check")
    base = "base.html"
    own_url = ""
    is_anonymous = False
    extra_carried = ("idempotency_key",)

    def get(self, request):
        return self.show("kind", self.first_data())

    def post(self, request):
        data = request.POST
        step = data.get("step")
        if step not in self.steps:
            return self.start_from(data)
        if data.get("to") in self.steps:  # a way back, or a "change" on the overview: nothing is checked on leaving
            return self.show(data["to"], self.kept(data, request.FILES, step))
        if step == "check":
            return self.send(data)
        form = self.bound(step, data, request.FILES)
        if not form.is_valid():
            return self.show(step, data, form=form)
        data = self.kept(data, request.FILES, step, form)
        return self.show(self.after(step, data), data)

    # What differs ------------------------------------------------------------------------------------------

    def first_data(self):
        """Return the answers of a writer who has just come."""
        data = QueryDict(mutable=True)
        data["idempotency_key"] = str(uuid.uuid4())
        return data

    def start_from(self, data):
        """Begin with answers that came from elsewhere; here there is no elsewhere."""
        return self.get(self.request)

    def deliver(self, draft, data):
        """Send the card and return the receipt."""
        raise NotImplementedError

    def key_of(self, data):
        """Return the form's key, or a new one when it was lost on the way."""
        try:
            return uuid.UUID(data.get("idempotency_key", ""))
        except ValueError:
            return uuid.uuid4()

    def mode_of(self, answers):
        return answers["mode"]["mode"]

    # Steps -------------------------------------------------------------------------------------------------

    def bound(self, step, data, files=None):
        return FORMS[step](data, files)

    def after(self, step, data):
        """The next question without a good answer, or the overview."""
        following = self.steps[self.steps.index(step) + 1 :]
        if data.get("seen"):  # changing one answer leads back to the overview
            following = [*following, *self.steps]
        return next((one for one in following if one == "check" or not self.bound(one, data).is_valid()), "check")

    def kept(self, data, files, step, form=None):
        """Return the answers with new uploads turned into tokens, so that the next page can carry them."""
        data = data.copy()
        if step == "words":
            form = form or self.bound(step, data, files)
            form.is_valid()
            kept = form.cleaned_data.get("files") or form.fields["files"].widget.held or []
            data.setlist("files-kept", [file.token for file in self._keep(kept)])
        if step == "check" and "may_publish" not in data:
            data["may_publish"] = ""
        return data

    @staticmethod
    def _keep(files):
        for file in files:
            try:
                yield staging.keep(file)
            except UploadRefused:  # the disk is full: the overview shows that the file is not there
                continue

    def show(self, step, data, *, form=None, status=200, fault=""):
        form = form or self.fresh(step, data)
        if fault:
            form.add_error(None, fault)
        place = self.steps.index(step)
        context = {
            "form": form,
            "step": step,
            "step_number": place + 1,
            "step_count": len(self.steps),
            "back": self.steps[place - 1] if place else "",
            "carried": self.carried(step, data, form),
            "base": self.base,
            "own_url": self.own_url,
            "is_anonymous": self.is_anonymous,
            **getattr(self, f"about_{step}")(data),
        }
        response = render(self.request, f"feedback/card_{step}.html", context, status=status)
        if not self.is_anonymous and not getattr(self.request, "is_kiosk", False):
            # The browser's Back button finds the earlier question again without asking whether to send it once more.
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    def fresh(self, step, data):
        """Return an unbound form that shows what was answered before."""
        names = FORMS[step].base_fields
        initial = {name: data[name] for name in names if name in data and name != "files"}
        if step == "words":
            initial["files"] = data.getlist("files-kept")
        if step == "place":
            initial["is_about_cadre"] = bool(data.get("is_about_cadre"))
            initial.setdefault("unit", self.own_unit())
        if step == "check" and "may_publish" in data:
            initial["may_publish"] = bool(data["may_publish"])
        return FORMS[step](initial=initial)

    def own_unit(self):
        return ""

    def carried(self, step, data, form):
        """Return the (name, value) pairs that this page hands on: every answer but its own."""
        own = {"files-kept", *form.fields} if step == "words" else set(form.fields)
        names = [name for name in (*CARRIED, *self.extra_carried) if name not in own]
        pairs = [(name, value) for name in names for value in data.getlist(name)]
        if step == "check":
            pairs = [(name, value) for name, value in pairs if name != "seen"] + [("seen", "1")]
        return pairs

    # What each page says -----------------------------------------------------------------------------------

    def about_kind(self, data):
        return {"options": _options(InquiryKind.choices, data.get("kind"), KIND_ABOUT, KIND_ICONS)}

    def about_topic(self, data):
        return {"options": _options(TopicForm.base_fields["topic"].choices, data.get("topic"), {}, TOPIC_ICONS)}

    def about_place(self, data):
        return {"is_retaliation": data.get("kind") == InquiryKind.RETALIATION}

    def about_words(self, data):
        return {"draft_key": ""}

    def about_mode(self, data):
        return {
            "options": _options(
                ModeForm.base_fields["mode"].choices,
                data.get("mode"),
                {mode: who_sees_name(mode) for mode in IdentityMode},
                MODE_ICONS,
            ),
            "anonymous_about": who_sees_name(IdentityMode.ANONYMOUS),
            "carried_all": [pair for pair in self.carried("mode", data, ModeForm()) if pair[0] in CARRIED],
        }

    def about_check(self, data):
        answers = {step: form.cleaned_data for step, form in self.forms_of(data).items() if form.is_valid()}
        place, words = answers.get("place", {}), answers.get("words", {})
        kind = answers.get("kind", {}).get("kind")
        is_discipline = kind == InquiryKind.RETALIATION or bool(place.get("is_about_cadre"))
        mode = self.mode_of(answers) if "mode" in answers or self.is_anonymous else ""
        similar = []
        if place and words and "topic" in answers and not is_discipline:
            similar = similar_inquiries(place["unit"], answers["topic"]["topic"], words["subject"])
        return {
            "kind_label": InquiryKind(kind).label if kind else "",
            "topic_label": dict(TopicForm.base_fields["topic"].choices).get(answers.get("topic", {}).get("topic"), ""),
            "place": place,
            "words": words,
            "files": words.get("files") or [],
            "mode_label": IdentityMode(mode).label if mode else "",
            "mode_about": who_sees_name(mode) if mode else "",
            "is_discipline": is_discipline,
            "similar": similar,
        }

    # Sending -----------------------------------------------------------------------------------------------

    def forms_of(self, data):
        return {step: self.bound(step, data) for step in self.steps if step != "check"}

    def send(self, data):
        """Check every answer once more and send the card, or show the first question without a good answer."""
        forms = self.forms_of(data)
        for step, form in forms.items():
            if not form.is_valid():
                return self.show(step, data, form=form)
        check = CheckForm(data)
        check.is_valid()
        answers = {step: form.cleaned_data for step, form in forms.items()}
        draft = CardDraft(
            kind=answers["kind"]["kind"],
            topic=answers["topic"]["topic"],
            unit=answers["place"]["unit"],
            subject=answers["words"]["subject"],
            body=answers["words"]["body"],
            suggestion=answers["words"]["suggestion"],
            identity_mode=self.mode_of(answers),
            idempotency_key=self.key_of(data),
            may_publish=check.cleaned_data["may_publish"],
            is_about_cadre=answers["place"]["is_about_cadre"],
            files=tuple(answers["words"]["files"]),
        )
        try:
            return self.deliver(draft, data)
        except OperationRefused as refusal:
            return self.show("check", self.kept(data, None, "check"), status=403, fault=str(refusal.reason), form=check)
        except Conflict as conflict:
            return self.show(
                "check", self.kept(data, None, "check"), status=409, fault=str(conflict.reason), form=check
            )


@method_decorator(public_view, name="dispatch")
class WriteView(CardWizard):
    """A card with a name, or in confidence; visitors are shown the ways there are."""

    @property
    def own_url(self):
        return reverse("feedback:write")

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            ways = [{"about": who_sees_name(mode), "label": mode.label} for mode in IdentityMode]
            return render(request, "feedback/card_start.html", {"ways": ways, "mode_icons": MODE_ICONS})
        return super().dispatch(request, *args, **kwargs)

    def own_unit(self):
        return self.request.user.unit.code

    def about_words(self, data):
        # Nothing is kept on a machine that others use next.
        return {"draft_key": "" if getattr(self.request, "is_kiosk", False) else f"card-{self.request.user.pk}"}

    def deliver(self, draft, data):
        receipt = submit_card(draft=draft, actor=self.request.user, at=timezone.now())
        if not receipt.is_new and not is_author(self.request.user, receipt.inquiry):
            # Somebody else sent this very form from this machine; their receipt is not for this reader.
            raise Conflict(_("This form has been sent already. Begin a new card."))
        url = reverse("feedback:receipt", args=[receipt.inquiry.number])
        return redirect(url if receipt.is_new else f"{url}?again=1")


def _options(choices, chosen, about, icons):
    return [
        {
            "value": str(value),
            "label": label,
            "about": about.get(value, ""),
            "icon": icons.get(value, ""),
            "is_chosen": str(value) == chosen,
        }
        for value, label in choices
    ]
