"""What everybody reads of commitments: who has signed, when, and who has not; text, comparison with the year before."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.enums import Role
from portal.accounts.middleware import public_view
from portal.deadlines.clock import clock_of
from portal.kernel.days import local_day
from portal.kernel.enums import Lamp
from portal.kernel.rows import only_one
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import CommitmentKind, RoundState
from ..forms.commitments import CommitmentFilterForm
from ..models import CommitmentRound, CommitmentSignature, MajorDecision, MajorReport, PaperSignature
from ..queries.commitments import round_before, rounds_of_year, signatures_of, years_with_rounds
from ..queries.majors import majors_public
from ..rules.commitments import keeps_for, may_edit_round, may_enter_paper, may_open_round, may_sign_commitment
from ..rules.majors import may_see_major_desk


def tabs_of(name):
    """Return the tabs of the pages on commitments and responsibilities, the current one marked."""
    return [
        {"label": label, "url": reverse(f"disclosures:{target}"), "is_current": target == name}
        for target, label in (("commitments", _("Commitments")), ("responsibilities", _("Four responsibilities")))
    ]


@method_decorator(public_view, name="dispatch")
class CommitmentsView(TemplateView):
    """The commitments of a year, unit by unit: how many have signed, who is late, which round was never opened."""

    template_name = "disclosures/commitments/list.html"

    def get_context_data(self, **kwargs):
        at = timezone.now()
        years = years_with_rounds()
        today = local_day(at)
        # What the filter may offer is read from the year that is shown: units come and go.
        form = CommitmentFilterForm(self.request.GET, units=[], years=years or [today.year])
        year = int(form.chosen.get("year") or (years[0] if years else today.year))
        rounds = list(rounds_of_year(year, at))
        units = list({one.unit_id: one.unit for one in rounds}.values())
        form = CommitmentFilterForm(self.request.GET, units=units, years=years or [today.year])
        if unit := form.chosen.get("unit"):
            rounds = [one for one in rounds if one.unit_id == unit.pk]
        wanted, signed = sum(one.wanted for one in rounds), sum(one.signed for one in rounds)
        return super().get_context_data(
            tabs=tabs_of("commitments"),
            filters=form,
            chosen_count=int("unit" in form.chosen),
            year=year,
            rows=[{"round": one, "standing": round_standing(one, at)} for one in rounds],
            wanted=wanted,
            signed=signed,
            late=sum(one.late for one in rounds),
            missing=sum(one.missing for one in rounds),
            unopened=sum(one.state != RoundState.OPEN and one.opened_at is None for one in rounds),
            rate=signed / wanted if wanted else None,
            **kwargs,
        )


def round_standing(one, at):
    """Return (lamp, word) of a round: being prepared, late with that, signing, all signed, over."""
    if one.state == RoundState.DRAFT or one.opened_at is None:
        clock = clock_of(one.promise, at)
        if local_day(at).year > one.year or one.state == RoundState.CLOSED:
            return Lamp.RED, _("never opened")
        if clock.is_late:
            over = clock.days_late
            return Lamp.RED, ngettext("not open, %(n)d day late", "not open, %(n)d days late", over) % {"n": over}
        return clock.lamp, _("being prepared")
    unsigned = one.wanted - one.signed
    if unsigned == 0:
        return (Lamp.ORANGE, _("all signed, some late")) if one.late else (Lamp.GREEN, _("all signed"))
    if local_day(at).year > one.year:
        return Lamp.RED, ngettext("%(n)d never signed", "%(n)d never signed", unsigned) % {"n": unsigned}
    if one.missing:
        return Lamp.RED, ngettext("%(n)d signature missing", "%(n)d signatures missing", one.missing) % {
            "n": one.missing
        }
    return Lamp.BLUE, ngettext("%(n)d signature to come", "%(n)d signatures to come", unsigned) % {"n": unsigned}


def signature_standing(row, at):
    """Return (lamp, word) of somebody's signature: given in time or late, waiting, missing, never, released."""
    clock = clock_of(row.promise, at)
    if row.signed_at is not None:
        over = clock.days_late
        if clock.is_late and over:
            return Lamp.ORANGE, ngettext("signed %(n)d day late", "signed %(n)d days late", over) % {"n": over}
        return Lamp.GREEN, _("signed")
    if row.released_at is not None:
        return Lamp.GREY, _("left the office before")
    if local_day(at).year > row.round.year:
        return Lamp.RED, _("never signed")
    if clock.is_late:
        over = clock.days_late
        return Lamp.RED, ngettext("unsigned for %(n)d day", "unsigned for %(n)d days", over) % {"n": over}
    # After what is late: a scan that nobody has compared stops no clock.
    if any(paper.is_accepted is None for paper in row.papers.all()):
        return Lamp.YELLOW, _("paper being compared")
    left = clock.days_left
    word = _("due today") if left <= 0 else ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}
    return clock.lamp, word


def find_round(pk):
    """Return a round with what its page shows; 404 when there is none."""
    one = only_one(CommitmentRound.objects.select_related("unit", "promise", "opened_by", "upper").filter(pk=pk))
    if one is None:
        raise Http404
    return one


def signature_rows(one, user, at):
    """Return the lines of a round's list of signatures."""
    rows = []
    for row in signatures_of(one):
        row.round = one
        lamp, word = signature_standing(row, at)
        rows.append(
            {
                "row": row,
                "office": Role(row.role).label,
                "lamp": lamp.value,
                "word": word,
                "may_sign": bool(may_sign_commitment(user, row, at)),
                "may_enter": bool(may_enter_paper(user, row, at)),
            }
        )
    return rows


@method_decorator(public_view, name="dispatch")
class CommitmentView(View):
    """One commitment: its text, who has signed and who has not, its fingerprint, everything that was done."""

    def get(self, request, pk):
        at, user = timezone.now(), request.user
        one = find_round(pk)
        rows = signature_rows(one, user, at)
        kept = [line["row"] for line in rows if line["row"].released_at is None]
        one.wanted, one.signed = len(kept), sum(row.signed_at is not None for row in kept)
        one.late = sum(row.signed_at is not None and row.signed_at >= row.promise.due_at for row in kept)
        one.missing = sum(row.signed_at is None and row.promise.due_at <= at for row in kept)
        lamp, word = round_standing(one, at)
        is_public = one.opened_at is not None
        return render(
            request,
            "disclosures/commitments/detail.html",
            {
                "one": one,
                "kind": CommitmentKind(one.kind).label,
                "lamp": lamp.value,
                "word": word,
                "rows": rows,
                "rate": one.signed / one.wanted if one.wanted else None,
                "shows_text": is_public or (user.is_authenticated and keeps_for(user, one.unit)),
                "is_public": is_public,
                "clock": clock_of(one.promise, at),
                "before": round_before(one) if is_public else None,
                "lines": history_of(subject_key(one)),
                "may_edit": user.is_authenticated and bool(may_edit_round(user, one, at)),
                "may_open": user.is_authenticated and bool(may_open_round(user, one, at)),
            },
        )


@method_decorator(public_view, name="dispatch")
class CommitmentCompareView(View):
    """A commitment beside the one of the year before."""

    def get(self, request, pk):
        one = find_round(pk)
        before = round_before(one) if one.opened_at is not None else None
        if before is None:
            raise Http404
        return render(request, "disclosures/commitments/compare.html", {"one": one, "before": before})


@method_decorator(public_view, name="dispatch")
class CommitmentGoView(View):
    """Send a reader on from a notice or a promise to the page of a round, a signature, a scan or a decision."""

    def get(self, request, kind, pk):
        user = request.user
        if kind == "commitmentround":
            return redirect("disclosures:commitment", find_round(pk).pk)
        if kind == "commitmentsignature":
            row = only_one(CommitmentSignature.objects.select_related("round").filter(pk=pk))
            if row is None:
                raise Http404
            if may_sign_commitment(user, row, timezone.now()):
                return redirect("disclosures:commitment_sign", row.pk)
            return redirect("disclosures:commitment", row.round_id)
        if kind == "papersignature":
            paper = only_one(PaperSignature.objects.select_related("signature__round__unit").filter(pk=pk))
            if paper is None:
                raise Http404
            if user.is_authenticated and keeps_for(user, paper.signature.round.unit) and paper.is_accepted is None:
                return redirect("disclosures:paper_check", paper.pk)
            return redirect("disclosures:commitment", paper.signature.round_id)
        return self._major(user, kind, pk)

    @staticmethod
    def _major(user, kind, pk):
        if kind == "majorreport":
            pk = MajorReport.objects.filter(pk=pk).values_list("decision", flat=True).first()
        elif kind != "majordecision":
            raise Http404
        decision = only_one(MajorDecision.objects.select_related("unit", "department").filter(pk=pk))
        if decision is None:
            raise Http404
        if user.is_authenticated and may_see_major_desk(user, decision):
            return redirect("disclosures:major_work", decision.pk)
        if majors_public(user).filter(pk=decision.pk).exists():
            return redirect("disclosures:major", decision.number)
        raise Http404
