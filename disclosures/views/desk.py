"""The desk of those who prepare, sign and supervise: what waits, the working page, the editor, the slip."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.deadlines.clock import clock_of
from portal.deadlines.kinds import kind_of
from portal.deadlines.queries import promises_of
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.verdicts import require
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import operations as does
from .. import rules
from ..display import days_shown
from ..enums import Channel, PublicationKind, PublicationState, Step
from ..models import Rectification
from ..queries import (
    awaiting_signature,
    desk_publications,
    duties_to_prepare,
    inside,
    opinions_by_state,
)
from ..queries.acknowledgements import acknowledged_by_unit
from ..queries.boards import display_proof
from ..rules.publishing import signed
from ..rules.sight import DESK_ROLES, OVERSEERS, PREPARERS
from ..standing import notice_standing, publication_standing
from .base import approved_words, files_read, find_desk, unmasked_about
from .duties import missing_rows
from .links import act_links, hindrance_of, requests_waiting
from .public import readable_versions

S = PublicationState
CHANNELS = dict(Channel.choices)
PAGE_SIZE = 25
TABS = ("sign", "owed", "mine", "shown", "flags")


class DeskView(TemplateView):
    """What waits for this person: signatures, what is owed, texts on their way, what is on show, demands."""

    template_name = "disclosures/desk.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        tab = self.request.GET.get("tab", "")
        waiting = [text for text in awaiting_signature(user)[:100] if _may_sign_any(user, text)]
        tab = tab if tab in TABS else ("sign" if waiting else "owed")
        token = self.request.GET.get("after", "")
        context = {"tab": tab, "at": at}
        if tab == "sign":
            context["texts"] = [_row(text, at) for text in waiting]
        elif tab == "owed":
            page = keyset_page(
                duties_to_prepare(user, at), order=("promise__due_at", "pk"), token=token, size=PAGE_SIZE
            )
            rows = missing_rows(page, at)
            for row, duty in zip(rows, page, strict=True):
                row["has_text"] = duty.has_text
                row["start_url"] = f"{reverse('disclosures:new')}?duty={duty.pk}"
            context |= {"page": page, "duties": rows}
        elif tab == "flags":
            context["flags"] = _flags(user, at)
        else:
            rows = desk_publications(user).select_related("item", "unit", "department")
            rows = rows.filter(serial__isnull=tab == "mine").filter(_own(user))
            order = ("-drafted_at", "-pk") if tab == "mine" else ("-publish_at", "-pk")
            page = keyset_page(rows, order=order, token=token, size=PAGE_SIZE)
            context |= {"page": page, "texts": [_row(text, at) for text in page]}
        here = reverse("disclosures:desk")
        labels = {
            "sign": _("To sign"),
            "owed": _("Owed"),
            "mine": _("On their way"),
            "shown": _("Published"),
            "flags": _("Demands"),
        }
        context["tabs"] = [
            {
                "label": labels[name],
                "url": f"{here}?tab={name}",
                "is_current": name == tab,
                "count": len(waiting) if name == "sign" else "",
            }
            for name in TABS
        ]
        context["may_prepare"] = authority_of(user).holds(*PREPARERS)
        return super().get_context_data(**context, **kwargs)


def _own(user):
    """Return a Q for texts of the units this person prepares for, signs for or supervises: the desk's lists."""
    authority = authority_of(user)
    units = authority.units(*DESK_ROLES)
    return inside(units) | inside(units, field="department")


def _may_sign_any(user, publication):
    return any(rules.may_sign(user, publication, step) for step in rules.next_steps(publication))


def _row(publication, at):
    standing = publication_standing(publication, at)
    return {
        "publication": publication,
        "url": reverse("disclosures:work", args=[publication.pk]),
        "standing": standing,
        "is_notice": publication.kind == PublicationKind.NOTICE,
    }


def _flags(user, at):
    units = authority_of(user).units(*PREPARERS, *OVERSEERS)
    rows = (
        Rectification.objects.filter(
            inside(units, field="publication__unit") | inside(units, field="publication__department")
        )
        .filter(Q(is_accepted__isnull=True) | Q(is_accepted=False))
        .select_related("publication__item", "publication__unit", "publication__department", "promise")
        .order_by("promise__due_at", "pk")[:100]
    )
    return [
        {
            "flag": row,
            "clock": clock_of(row.promise, at),
            "may_rectify": bool(rules.may_rectify(user, row)),
            "may_check": bool(rules.may_check_rectification(user, row)),
        }
        for row in rows
    ]


class WorkView(View):
    """The working page of a text: where it stands, who signed, what may be done now, everything that was done."""

    def get(self, request, pk):
        at = timezone.now()
        publication = find_desk(request.user, pk)
        today = local_day(at)
        is_numbered = publication.serial is not None
        has_notice = publication.kind == PublicationKind.NOTICE and hasattr(publication, "notice")
        period = does.period_of_notice(publication, at) if has_notice and is_numbered else None
        promised = {one.kind: one for one in promises_of(subject_key(publication))}
        promise = promised.get("publication.ratify")
        flags = Rectification.objects.filter(publication=publication).select_related("promise").order_by("flagged_at")
        is_asked = publication.is_must_read and is_numbered
        acknowledged = acknowledged_by_unit(publication, request.user, at) if is_asked else (None, [])
        return render(
            request,
            "disclosures/work.html",
            {
                "publication": publication,
                # As everybody reads it, or is going to.
                "words": does.latest_version(publication) if is_numbered else publication,
                "standing": publication_standing(publication, at),
                "steps": steps_shown(publication),
                "notice": publication.notice if has_notice else None,
                "unmasked_about": unmasked_about(request.user, publication) if has_notice else "",
                "period": period,
                "notice_state": notice_standing(publication, period) if period else None,
                "acts": act_links(request.user, publication, at),
                "hindrance": hindrance_of(request.user, publication),
                "waiting": requests_waiting(publication),
                "versions": readable_versions(request.user, publication, at) if is_numbered else [],
                "files": files_read(request.user, publication),
                "days_shown": days_shown(local_day(publication.publish_at), publication.shown_until, today)
                if is_numbered
                else 0,
                "is_public": is_numbered and publication.publish_at <= at,
                "proof": display_proof(publication, at, period=period, with_assigned=True)
                if is_numbered and publication.publish_at <= at
                else None,
                "clock": clock_of(promise, at) if promise else None,
                "notice_clocks": [
                    (kind_of(kind).label, clock_of(promised[kind], at))
                    for kind in ("notice.outcome", "notice.mask")
                    if kind in promised
                ],
                "flags": [
                    {
                        "flag": flag,
                        "clock": clock_of(flag.promise, at),
                        "may_rectify": bool(rules.may_rectify(request.user, _with(flag, publication))),
                        "may_check": bool(rules.may_check_rectification(request.user, _with(flag, publication))),
                    }
                    for flag in flags
                ],
                "acknowledged": acknowledged[0],
                "rates": acknowledged[1],
                "lines": history_of(subject_key(publication), with_time=True, with_all=True),
                "back_notes": [row for row in publication.approvals.all() if not row.is_granted],
            },
        )


def _with(flag, publication):
    flag.publication = publication
    return flag


def steps_shown(publication):
    """Return the chain as stages: done, current, ahead; with who signed when."""
    given = signed(publication)
    wanted = rules.next_steps(publication)
    stages = []
    for step in rules.steps_for(publication):
        row = given.get(step)
        if row is not None and row.is_granted:
            stages.append({"label": Step(step).label, "state": "done", "on": local_day(row.at), "note": row.by.name})
        elif step in wanted:
            stages.append({"label": Step(step).label, "state": "current"})
        else:
            is_skipped = publication.is_forced and publication.serial is not None
            stages.append({"label": Step(step).label, "state": "skipped" if is_skipped else "ahead"})
    state = "done" if publication.state in (S.PUBLISHED, S.EXPIRED, S.ARCHIVED, S.WITHDRAWN) else "ahead"
    on = local_day(publication.publish_at) if publication.publish_at else ""
    stages.append(
        {"label": S.PUBLISHED.label, "state": "current" if publication.state == S.SCHEDULED else state, "on": on}
    )
    return stages


class SlipView(View):
    """The approval slip (公开审批表) on one page, to print."""

    def get(self, request, pk):
        publication = find_desk(request.user, pk)
        at, given = timezone.now(), signed(publication)
        has_appeared = publication.serial is not None and publication.publish_at <= at
        return render(
            request,
            "disclosures/slip.html",
            {
                "publication": publication,
                "words": approved_words(request.user, publication),
                "notice": publication.notice if hasattr(publication, "notice") else None,
                "unmasked_about": unmasked_about(request.user, publication) if hasattr(publication, "notice") else "",
                "rows": [(Step(step).label, given.get(step)) for step in rules.steps_for(publication)],
                "ratified": given.get(Step.RATIFY),
                "channels": [CHANNELS.get(code, code) for code in publication.item.channels],
                "has_appeared": has_appeared,
                "opinions": opinions_by_state(publication) if has_appeared else [],
                "flags": Rectification.objects.filter(publication=publication).order_by("flagged_at"),
            },
        )


class DeskFileView(View):
    """An attachment of a text on its way."""

    def get(self, request, pk, file_id):
        publication = find_desk(request.user, pk)
        for held in files_read(request.user, publication):
            if str(held.file_id) == str(file_id):
                return serve(held.file, inline_image=True)
        raise Http404
