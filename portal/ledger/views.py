"""Pages on which anybody checks the ledger, and the auditor's list."""

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.verdicts import require

from .checking import texts
from .forms import AuditForm, CheckForm
from .history import lines_of
from .models import Head
from .operations import chain_end
from .queries import end_before, entries_audited, heads_newest, is_open, places_of
from .rules import may_audit_ledger
from .verifying import digest_of


@method_decorator(login_not_required, name="dispatch")
class VerifyView(TemplateView):
    """Explain the chain, show its end and its daily heads, and find what somebody holds a fingerprint of."""

    template_name = "ledger/ledger_verify.html"

    def get_context_data(self, **kwargs):
        form = CheckForm(self.request.GET)
        typed = form.cleaned_data["q"] if form.is_valid() else ""
        places = places_of(typed) if typed else None
        seq, hash_ = chain_end()
        return super().get_context_data(
            check_form=form,
            typed=typed,
            places=places,
            is_unreadable=bool(form.errors) or bool(typed) and places is None,
            seq=seq,
            hash=hash_,
            heads=keyset_page(heads_newest(), order=("-day",), token=self.request.GET.get("after", ""), size=14),
            today=local_day(timezone.now()),
            may_audit=may_audit_ledger(self.request.user),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class HeadSlipView(TemplateView):
    """One day's head as a slip of A5 for the notice board."""

    template_name = "ledger/head_slip.html"

    def get_context_data(self, **kwargs):
        head = get_object_or_404(Head, day=self.kwargs["day"])
        address = settings.ORIGIN + reverse("ledger:verify")
        qr = segno.make(f"{address}?q={head.hash}", error="m", micro=False)
        return super().get_context_data(
            head=head,
            address=address,
            count=head.seq - end_before(head)[0],
            # A data address, because the markup of an inline drawing would have to be trusted.
            qr=qr.svg_data_uri(scale=4, border=1),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class DayExportView(View):
    """One closed day of the chain as a file that anybody can check; contents only where they are for everybody."""

    def get(self, request, day):
        head = get_object_or_404(Head, day=day)
        seq, hash_ = end_before(head)

        def lines():
            yield f"# start {seq} {hash_}\n"
            for number, own, _key, text, verb, actor in texts(first=seq + 1, last=head.seq):
                content = text if text and is_open(verb, actor) else digest_of(text or "")
                yield f"{number}\t{own}\t{content}\n"

        response = StreamingHttpResponse(lines(), content_type="text/tab-separated-values; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="ledger-{head.day.isoformat()}.tsv"'
        return response


class AuditView(TemplateView):
    """Every entry with its facts, newest first, for the auditor."""

    template_name = "ledger/entry_list.html"

    def get_context_data(self, **kwargs):
        require(may_audit_ledger(self.request.user))
        form = AuditForm(self.request.GET)
        form.is_valid()
        chosen = {name: form.cleaned_data.get(name) for name in ("verb", "subject", "actor", "day")}
        page = keyset_page(
            entries_audited(**chosen), order=("-at", "-id"), token=self.request.GET.get("after", ""), size=50
        )
        entries = list(page)
        # In pairs, because a template would take a fact that is named "items" for the method.
        facts = [list(entry.facts.items()) for entry in entries]
        rows = list(zip(entries, lines_of(entries, with_time=True), facts, strict=True))
        return super().get_context_data(
            filters=form,
            page=page,
            rows=rows,
            chosen=sum(map(bool, chosen.values())),
            title=_("Ledger entries"),
            **kwargs,
        )
