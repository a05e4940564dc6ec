"""The union's desk of appraisals: all rounds, one with what comes next, the list of those who rate, the sheets."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.accounts.models import Person
from portal.ballots import rules as box_rules
from portal.ballots.models import Elector, Poll
from portal.ballots.queries import taken_part_count
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import KeysetListView, OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import CodeSet, RoundState
from ..forms.ballot import void_words
from ..forms.questionnaires import EditionForm, SheetForm
from ..forms.weights import dimension_lines
from ..models import Item
from ..operations import questionnaires as writes
from ..policy import statement
from ..presets import DIMENSIONS
from ..queries.electorate import electorate_of, groups_of
from ..queries.rounds import (
    facts_of,
    questionnaires_for,
    round_at_desk,
    rounds_at_desk,
    subjects_with_reports,
)
from ..rules import rounds as rules
from ..rules.questionnaires import may_write
from .base import TONES, AppraisalActView, units_of

PAGE_SIZE = 60


class DeskView(KeysetListView):
    """The rounds of the units that somebody looks after."""

    template_name = "evaluations/desk.html"
    context_object_name = "rounds"
    order = ("-opens_at", "-id")

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return rounds_at_desk(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["rows"] = [{"one": one, "tone": TONES[one.state]} for one in context["rounds"]]
        return context


def find_at_desk(user, pk):
    """Return a round that somebody may know the working page of; everything else is a 404."""
    round_ = round_at_desk(user, pk)
    if round_ is None:
        raise Http404
    return round_


class RoundDeskView(TemplateView):
    """The working page of a round."""

    template_name = "evaluations/round_desk.html"

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        round_ = find_at_desk(user, self.kwargs["pk"])
        facts = facts_of(round_, at)
        poll = self._poll(round_)
        is_over = round_.state in (RoundState.CLOSED, RoundState.COUNTED, RoundState.PUBLISHED)
        may = {
            "change": rules.may_change(user, round_),
            "announce": rules.may_announce(user, round_, facts, at),
            "report": rules.may_add_report(user, round_),
            "remind": rules.may_remind(user, round_, at),
            "cancel": rules.may_cancel(user, round_),
            "plead": rules.may_plead(user, round_, facts),
        }
        if poll is not None:
            may["open"] = box_rules.may_open(user, poll, at)
            may["count"] = box_rules.may_count(user, poll, at)
        is_draft = round_.state == RoundState.DRAFT
        return super().get_context_data(
            round=round_,
            tone=TONES[round_.state],
            poll=poll,
            facts=facts,
            faults=rules.announcing_faults(round_, facts, at) if is_draft else [],
            groups=[{"one": one, "size": dict(facts.groups).get(one)} for one in groups_of(round_)],
            subjects=list(subjects_with_reports(round_)),
            own=frozenset(),
            void_rules=[(void_words(rule), rule.source) for rule in round_.void_rules.all()],
            statement=statement(round_),
            may=may,
            is_frozen=rules.is_frozen(round_),
            is_running=poll is not None and round_.is_running(at),
            taken_part=taken_part_count(poll) if is_over else None,
            lines=history_of(subject_key(round_), with_time=True, with_all=True),
            **kwargs,
        )

    def _poll(self, round_):
        if round_.poll_id is None:
            return None
        return only_one(Poll.objects.filter(pk=round_.poll_id).prefetch_related("scrutineers__person"))


class RollView(TemplateView):
    """Who rates: as the list would be frozen now, or as it was."""

    template_name = "evaluations/roll.html"

    def get_context_data(self, **kwargs):
        round_ = find_at_desk(self.request.user, self.kwargs["pk"])
        require(rules.may_manage(self.request.user, round_))
        groups = {group.code: group for group in groups_of(round_)}
        if rules.is_frozen(round_):
            listed = dict(Elector.objects.filter(poll=round_.poll_id).values_list("person_id", "group"))
        else:
            listed = dict(electorate_of(round_, timezone.now()))
        chosen = self.request.GET.get("group", "")
        shown = [person for person, code in listed.items() if chosen not in groups or code == chosen]
        people = Person.objects.filter(pk__in=shown).select_related("unit")
        page = keyset_page(people, order=("job_no",), token=self.request.GET.get("after", ""), size=PAGE_SIZE)
        counts = {code: sum(one == code for one in listed.values()) for code in groups}
        return super().get_context_data(
            round=round_,
            is_frozen=rules.is_frozen(round_),
            page=page,
            rows=[{"one": one, "group": groups.get(listed[one.pk])} for one in page],
            groups=[(group, counts[code]) for code, group in groups.items()],
            total=len(listed),
            chosen=chosen if chosen in groups else "",
            **kwargs,
        )


class SheetsView(TemplateView):
    """The appraisal sheets that somebody may use."""

    template_name = "evaluations/sheets.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        sheets = questionnaires_for(self.request.user).prefetch_related("editions")
        return super().get_context_data(sheets=sheets, sets=CodeSet.choices, **kwargs)


def find_sheet(user, pk):
    """Return a sheet that somebody may use; everything else is a 404."""
    sheet = only_one(questionnaires_for(user).filter(pk=pk))
    if sheet is None:
        raise Http404
    return sheet


class SheetView(TemplateView):
    """A sheet with all its editions."""

    template_name = "evaluations/sheet.html"

    def get_context_data(self, **kwargs):
        sheet = find_sheet(self.request.user, self.kwargs["pk"])
        editions = sheet.editions.prefetch_related("dimensions__items", "scale_points").select_related("made_by")
        return super().get_context_data(
            sheet=sheet, editions=editions, may_write=bool(may_write(self.request.user, sheet)), **kwargs
        )


class SheetNewView(OperationFormView):
    """Write a new sheet, perhaps from a known set of dimensions."""

    template_name = "evaluations/sheet_new.html"
    form_class = SheetForm

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_plan(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        chosen = self.request.GET.get("set", CodeSet.FIVE)
        return {"dimensions": dimension_lines(DIMENSIONS.get(chosen, DIMENSIONS[CodeSet.FIVE]))}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": units_of(self.request.user)}

    def operate(self, form):
        made = writes.make_questionnaire(**form.cleaned_data, actor=self.request.user, at=timezone.now())
        return redirect("evaluations:sheet", made.pk)


class EditionNewView(AppraisalActView):
    """Write the next edition of a sheet."""

    name = "questionnaire"
    form_class = EditionForm
    may = staticmethod(may_write)
    title = _("Write a new edition")
    lead = _("Rounds that use an older edition keep it.")
    said = _("The new edition stands.")
    icon = "file-plus"

    def find(self):
        return find_sheet(self.request.user, self.kwargs["pk"])

    def get_initial(self):
        last = self.thing.editions.first()
        items = Item.objects.filter(dimension__edition=last).select_related("dimension")
        by_dimension = {}
        for item in items:
            by_dimension.setdefault(item.dimension, []).append(item.name)
        rows = [(one.name, one.weight, [] if names == [one.name] else names) for one, names in by_dimension.items()]
        return {
            "scale": last.scale,
            "step": last.step or 5,
            "source": last.source,
            "dimensions": dimension_lines(rows),
        }

    def back_url(self):
        return reverse("evaluations:sheet", args=[self.thing.pk])

    def eyebrow(self):
        return _now("Sheet: %(name)s") % {"name": self.thing.name}

    def operate(self, form):
        self.act(writes.add_edition, **form.cleaned_data)
        return self.done()
