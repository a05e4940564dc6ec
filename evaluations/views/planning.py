"""What the union does with a round: plan it, say who rates whom, announce it, disclose reports, remind, cancel."""

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day
from portal.kernel.forms import PortalForm
from portal.kernel.rows import only_one
from portal.kernel.templatetags.words import say_day
from portal.kernel.texts import followed
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView

from ..enums import Direction, RoundState
from ..forms import rounds as forms
from ..models import DutyReport
from ..operations import announcing, reports, running
from ..operations import rounds as does
from ..queries.rounds import facts_of, rounds_at_desk
from ..rules import rounds as rules
from .base import RoundActView, SubjectActView, editions_for, units_of


class RoundNewView(OperationFormView):
    """Plan a round."""

    template_name = "evaluations/round_new.html"
    form_class = forms.PlanRoundForm

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_plan(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        year = local_day(timezone.now()).year
        return {"year": year, "has_remarks": True, "grade": "signed_in", "visibility": "subjects"}

    def get_form_kwargs(self):
        user = self.request.user
        alone = rounds_at_desk(user).filter(state=RoundState.DRAFT, counterpart__isnull=True)
        return {
            **super().get_form_kwargs(),
            "units": units_of(user),
            "editions": editions_for(user),
            "counterparts": alone.exclude(direction=Direction.SINGLE),
            "at": timezone.now(),
        }

    def get_context_data(self, **kwargs):
        has_sheets = kwargs.get("form", self.get_form()).fields["edition"].queryset.exists()
        return super().get_context_data(has_sheets=has_sheets, **kwargs)

    def operate(self, form):
        made = does.plan_round(**form.values(), actor=self.request.user, at=timezone.now())
        return redirect("evaluations:round_desk", made.pk)


class RoundChangeView(RoundActView):
    """Change title, sheet, times, secrecy and what is seen."""

    form_class = forms.ChangeRoundForm
    may = staticmethod(rules.may_change)
    title = _("Change the appraisal")
    said = _("The appraisal has been changed.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "editions": editions_for(self.request.user), "at": self.at}

    def get_initial(self):
        round_ = self.thing
        opens, closes = (timezone.localtime(moment) for moment in (round_.opens_at, round_.closes_at))
        plain = {name: getattr(round_, name) for name in ("title", "year", "grade", "visibility")}
        times = {"opens_on": opens.date(), "opens_time": opens.time(), "closes_on": closes.date()}
        more = {"closes_time": closes.time(), "edition": round_.edition_id, "has_remarks": bool(round_.remark_limit)}
        return {**plain, **times, **more}

    def operate(self, form):
        self.act(does.change_round, **form.values())
        return self.done()


class GroupNewView(RoundActView):
    """Add a voter group."""

    form_class = forms.GroupForm
    may = staticmethod(rules.may_change)
    title = _("Add a voter group")
    lead = _("Whoever belongs to several groups is in the first of them. Nobody rates himself.")
    said = _("The group has been added.")
    icon = "users"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": units_of(self.request.user)}

    def get_initial(self):
        return {"unit": self.thing.unit.code}

    def operate(self, form):
        self.act(does.add_group, **form.cleaned_data)
        return self.done()


class GroupRemoveView(RoundActView):
    """Take a voter group away."""

    may = staticmethod(rules.may_change)
    title = _("Take the group away")
    lead = _("The other groups stay; their weights have to add up to 1 again.")
    button = _("Take away")
    tone = "danger"
    icon = "trash-2"
    said = _("The group is gone.")

    def find(self):
        round_ = super().find()
        self.group = only_one(round_.groups.filter(pk=self.kwargs["group"]))
        return round_

    def eyebrow(self):
        return f"{self.thing.title} · {self.group}" if self.group else self.thing.title

    def operate(self, form):
        self.act(does.remove_group, group_id=self.kwargs["group"])
        return self.done()


class SubjectsAddView(RoundActView):
    """Say who is rated."""

    form_class = forms.SubjectsForm
    may = staticmethod(rules.may_change)
    title = _("Add who is rated")
    lead = _("A leader does not rate himself, and the leaders of a unit do not rate their own team.")
    said = _("Added.")
    icon = "user-plus"

    def get_form_kwargs(self):
        units = units_of(self.request.user).filter(path__startswith=self.thing.unit.path)
        return {**super().get_form_kwargs(), "units": units.filter(kind__in=("company", "secondary", "office"))}

    def operate(self, form):
        data = form.cleaned_data
        self.act(does.add_subjects, people=data["people"], teams=list(data["teams"]))
        return self.done()


class SubjectRemoveView(SubjectActView):
    """Take somebody off the list of those who are rated."""

    may = staticmethod(rules.may_change)
    title = _("Take off the list of those who are rated")
    button = _("Take off")
    tone = "danger"
    icon = "trash-2"
    said = _("Taken off the list.")

    def operate(self, form):
        does.remove_subject(
            round_id=self.thing.round_id, subject_id=self.thing.pk, actor=self.request.user, at=timezone.now()
        )
        return self.done()


class VoidRulesView(RoundActView):
    """Switch on the rules by which a form is void."""

    form_class = forms.VoidRulesForm
    may = staticmethod(rules.may_change)
    title = _("When a form does not count")
    lead = _("Rules of the enterprise; without one every readable form counts.")
    said = _("The rules are set.")

    def get_initial(self):
        return {"kinds": list(self.thing.void_rules.values_list("kind", flat=True))}

    def operate(self, form):
        self.act(does.set_void_rules, kinds=form.cleaned_data["kinds"])
        return self.done()


class AnnounceView(RoundActView):
    """Announce a round: the box is drawn up, and what was planned stands."""

    form_class = forms.AnnounceForm
    title = _("Announce the appraisal")
    lead = _(
        "From now on nobody changes who is rated, by whom, by which sheet and rules. Three scrutineers open the box."
    )
    button = _("Announce")
    tone = "seal"
    icon = "megaphone"
    said = _("Announced. The scrutineers take up their shares now.")

    def verdict(self):
        return rules.may_announce(self.request.user, self.thing, facts_of(self.thing, self.at), self.at)

    def operate(self, form):
        self.act(announcing.announce_round, scrutineers=form.scrutineers)
        return self.done()


class NearView(RoundActView):
    """Say why a round follows so soon on a nearly identical one; a second person agrees."""

    title = _("Hold it so soon after a nearly identical one")
    button = _("Record")
    said = _("It is on record.")
    icon = "users"

    @property
    def lead(self):
        if self.thing.near_by_id is None:
            return _now("Whoever has both results could compute what a few people said. Two people answer for that.")
        return _now("%(name)s says: %(reason)s") % {"name": self.thing.near_by.name, "reason": self.thing.near_reason}

    def get_form_class(self):
        return forms.NearForm if self.thing.near_by_id is None else PortalForm

    def verdict(self):
        return rules.may_plead(self.request.user, self.thing, facts_of(self.thing, self.at))

    def operate(self, form):
        self.act(announcing.plead_near, **form.cleaned_data)
        return self.done()


class CancelView(RoundActView):
    """Cancel a round before its list is frozen."""

    form_class = forms.CancelForm
    may = staticmethod(rules.may_cancel)
    title = _("Cancel the appraisal")
    lead = _("It cannot be taken up again; plan a new one instead.")
    button = _("Cancel the appraisal")
    tone = "danger"
    icon = "ban"
    said = _("The appraisal is cancelled.")

    def operate(self, form):
        self.act(announcing.cancel_round, **form.cleaned_data)
        return self.done()


class ReportAddView(SubjectActView):
    """Disclose somebody's duty report."""

    form_class = forms.ReportForm
    may = staticmethod(rules.may_add_report)
    button = _("Disclose")
    icon = "file-up"
    said = _("The duty report is disclosed.")
    needs_multipart = True

    @cached_property
    def present(self):
        """The report that is disclosed already, or the reason that stands in its place; None before either."""
        return only_one(DutyReport.objects.filter(subject=self.thing))

    @property
    def title(self):
        """What is done: a first report is disclosed, a second one takes its place."""
        is_there = self.present is not None and self.present.file_id
        return _("Replace the duty report") if is_there else _("Disclose the duty report")

    @property
    def lead(self):
        """Who reads it, and what it takes the place of."""
        words = _now("Everybody who rates can read it before and while forms are taken.")
        if self.present is None:
            return words
        if self.present.file_id:
            about = {"day": say_day(local_day(self.present.at))}
            instead = _now("A report was disclosed on %(day)s; the new file takes its place.") % about
        else:
            about = {"reason": self.present.waived_reason}
            instead = _now("So far it says that there is none (%(reason)s); the file takes the place of that.") % about
        return followed(words, instead)

    def operate(self, form):
        self.act(reports.add_report, upload=form.cleaned_data["files"][0])
        return self.done()


class ReportWaiveView(SubjectActView):
    """Record why there is no duty report."""

    form_class = forms.WaiveForm
    may = staticmethod(rules.may_add_report)
    title = _("Record why there is no duty report")
    said = _("The reason is recorded.")

    def operate(self, form):
        self.act(reports.waive_report, **form.cleaned_data)
        return self.done()


class RemindView(RoundActView):
    """Remind everybody on the list."""

    title = _("Remind everybody on the list")
    lead = _("Whoever has sent a form gets it too: nobody looks who has and who has not.")
    button = _("Remind all")
    icon = "bell"
    said = _("Everybody on the list was reminded.")

    def verdict(self):
        return rules.may_remind(self.request.user, self.thing, self.at)

    def operate(self, form):
        self.act(running.remind_round)
        return self.done()
