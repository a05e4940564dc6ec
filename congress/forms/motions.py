"""Forms of motions: words, seconders, hand-in, what was brought to a delegate, the rating, the filters."""

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.kernel.forms import (
    ChoiceCards,
    CleanCharField,
    CleanTextField,
    IdempotencyMixin,
    PortalForm,
    RatingRadios,
)
from portal.kernel.templatetags.words import listed

from ..enums import MotionCategory, MotionRatingLevel, MotionState

# Together they are the text of the inquiry that a filed motion becomes (feedback.validators.BODY_MAX).
CAUSE_MAX, GROUNDS_MAX, PROPOSAL_MAX = 300, 650, 1000
YES_NO_NAMES = (("yes", _("show the names")), ("no", _("withhold the names")))
PUBLIC_CHOICES = [
    (state.value, state.label)
    for state in (MotionState.FILED, MotionState.MERGED, MotionState.ESCALATED, MotionState.ARCHIVED)
]


class MotionForm(IdempotencyMixin, PortalForm):
    """One matter: what it is about, why, and what is to be done."""

    category = forms.ChoiceField(
        label=_("Category of the motion"), choices=[("", _("please choose")), *MotionCategory.choices]
    )
    title = CleanCharField(
        label=_("Title"), max_length=60, help_text=_("One matter only. Begin with what is wanted: “On …”.")
    )
    cause = CleanTextField(
        label=_("Subject of the motion"),
        max_length=CAUSE_MAX,
        rows=3,
        help_text=_("What it is about, in two or three sentences."),
    )
    grounds = CleanTextField(
        label=_("Grounds"), max_length=GROUNDS_MAX, rows=6, help_text=_("Facts, figures, rules: why it is needed.")
    )
    proposal = CleanTextField(
        label=_("Proposal"), max_length=PROPOSAL_MAX, rows=6, help_text=_("Measures that can be carried out, by whom.")
    )
    names = forms.ChoiceField(
        label=_("Names of the proposers"),
        choices=YES_NO_NAMES,
        initial="yes",
        widget=ChoiceCards(
            about={
                "yes": _("Everybody reads who proposed and seconded."),
                "no": _("Only the committee, the union and those who handle it read the names."),
            },
            icons={"yes": "users", "no": "eye-off"},
        ),
    )

    def words(self):
        """Return what the operations take."""
        data = self.cleaned_data
        names = ("category", "title", "cause", "grounds", "proposal", "idempotency_key")
        return {**{name: data[name] for name in names}, "is_open": data["names"] == "yes"}


class InviteForm(PortalForm):
    """Delegates who are asked to second."""

    mandates = forms.MultipleChoiceField(
        label=_("Delegates"),
        error_messages={"required": _("Choose at least one delegate.")},
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each signs with their own sign-in; until the committee has decided they may take it back."),
    )

    def __init__(self, *args, delegates, asked_again, **kwargs):
        """``asked_again``: names of those who are asked anew in any case, as the words have changed."""
        super().__init__(*args, **kwargs)
        self.delegates = {str(one.pk): one for one in delegates}
        field = self.fields["mandates"]
        if asked_again:
            field.required, field.label = False, _("Further delegates")
            field.help_text = _("%(names)s are asked again in any case, as the words have changed.") % {
                "names": listed(asked_again)
            }
        self.fields["mandates"].choices = [
            (key, _("%(name)s, %(unit)s") % {"name": one.name, "unit": one.electing_unit.unit.name})
            for key, one in self.delegates.items()
        ]

    def clean_mandates(self):
        return [self.delegates[key] for key in self.cleaned_data["mandates"]]


class SignForm(PortalForm):
    """Second or decline; the button says which."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)


class ReasonForm(PortalForm):
    reason = CleanTextField(label=_("Reason"), max_length=300, rows=3)


class GroupForm(PortalForm):
    """What the delegation thinks; the button says whether it goes on."""

    verdict = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)
    opinion = CleanTextField(
        label=_("Opinion of the delegation"),
        max_length=300,
        rows=3,
        required=False,
        help_text=_("Needed when the motion goes back: say what is to be rewritten."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("verdict") == "no" and not cleaned.get("opinion"):
            self.add_error("opinion", ValidationError(_("Say what is to be rewritten.")))
        return cleaned


class RateMotionForm(PortalForm):
    """A signer's rating of a reply."""

    level = forms.TypedChoiceField(
        label=_("Are you satisfied with the reply?"),
        choices=MotionRatingLevel.choices,
        coerce=int,
        widget=RatingRadios,
        error_messages={"required": _("Choose one of the three answers.")},
    )
    comment = CleanTextField(
        label=_("A word about it"),
        max_length=300,
        rows=3,
        required=False,
        help_text=_("Needed when you are not satisfied: the department works on it again."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("level") == MotionRatingLevel.POOR and not cleaned.get("comment"):
            self.add_error("comment", ValidationError(_("Say what is missing, so that it can be done.")))
        return cleaned


class OfferForm(IdempotencyMixin, PortalForm):
    """A matter that somebody brings to a delegate."""

    mandate = forms.ChoiceField(label=_("Delegate of your electing unit"))
    category = forms.ChoiceField(
        label=_("Category of the motion"), choices=[("", _("please choose")), *MotionCategory.choices]
    )
    title = CleanCharField(label=_("Subject"), max_length=60)
    text = CleanTextField(label=_("What you see and what you propose"), max_length=CAUSE_MAX, rows=6)
    named = forms.ChoiceField(
        label=_("Your name"),
        choices=(("yes", _("named with the motion")), ("no", _("withheld"))),
        initial="yes",
        widget=ChoiceCards(
            about={
                "yes": _("If it becomes a motion your name stands beside the delegate’s."),
                "no": _(
                    "Only this delegate reads who you are. With the answer the portal forgets it; no notice comes."
                ),
            },
            icons={"yes": "user", "no": "eye-off"},
        ),
    )

    def __init__(self, *args, delegates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mandate"].choices = [
            (str(one.pk), _("%(name)s, %(unit)s") % {"name": one.name, "unit": one.electing_unit.unit.name})
            for one in delegates
        ]

    def words(self):
        """Return what the operation takes."""
        data = self.cleaned_data
        names = ("category", "title", "text", "idempotency_key")
        return {**{name: data[name] for name in names}, "is_named": data["named"] == "yes"}


class MotionFilterForm(PortalForm):
    """The filters of the public list; what cannot be read counts as not chosen."""

    q = CleanCharField(label=_("Words of the title"), required=False, max_length=40)
    call = forms.ChoiceField(label=_("Session"), required=False)
    category = forms.ChoiceField(
        label=_("Category of the motion"), required=False, choices=[("", _("all")), *MotionCategory.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *PUBLIC_CHOICES])
    unit = UnitField(label=_("Lead department"), required=False, empty_label=_("all"))
    best = forms.ChoiceField(
        label=_("Best motions"), required=False, choices=[("", _("all")), ("1", _("best motions only"))]
    )

    def __init__(self, *args, calls, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["call"].choices = [("", _("all")), *((str(call.pk), call.session.title) for call in calls)]
        self.fields["unit"].offer(units)
        self.fields["q"].widget.attrs |= {"data-search": "", "autocomplete": "off"}

    def as_key(self):
        """Return all that the form is drawn from, for a kept part: what was typed, and what there is to choose."""
        typed = tuple(tuple(self.data.getlist(name)) for name in self.fields)
        return typed, tuple(self.fields["call"].choices), tuple(self.fields["unit"].choices)

    @cached_property
    def chosen(self):
        """What was chosen: {field: value}."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
