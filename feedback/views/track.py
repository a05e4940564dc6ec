"""
Progress by number and code, without a session: all an unnamed author has, and all anybody needs.

Every form of these pages posts number and code again, so that nothing needs to
be remembered between two requests, on either side.
"""

import threading
from dataclasses import dataclass, field

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.cache import never_cache

from portal.accounts.middleware import public_view

from .. import sealing
from ..forms.author import TrackForm
from ..models import Inquiry
from ..queries import matter_for_author, numbered
from .anonymous import is_from_here
from .author import act_as_author, file_for_author
from .standing import author_context

FREE_TRIES = 5
LONGEST_WAIT = 60
MOST_KEPT = 10_000


@dataclass
class Tries:
    """
    Wrong codes for one number from one salted bucket of addresses: from the sixth on they wait, 1, 2, 4 … 60 seconds.

    Kept in this process's memory for as long as the bucket's salt, never written down. By number as
    well as by bucket: a whole plant comes from one address, and one person's slips must not stop the others.
    """

    counts: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, bucket, number, *, at):
        """Return how many seconds the next try has to wait, or 0."""
        with self.lock:
            _count, free_at = self.counts.get((bucket, number), (0, None))
        return 0 if free_at is None else max(0, int((free_at - at.timestamp()) + 0.999))

    def miss(self, bucket, number, *, at):
        """Count a wrong code."""
        with self.lock:
            if len(self.counts) >= MOST_KEPT:
                self.counts.clear()
            count = self.counts.get((bucket, number), (0, None))[0] + 1
            over = count - FREE_TRIES
            free_at = at.timestamp() + min(2**over, LONGEST_WAIT) if over >= 0 else None
            self.counts[bucket, number] = (count, free_at)

    def hit(self, bucket, number):
        """Forget the wrong ones after a right one."""
        with self.lock:
            self.counts.pop((bucket, number), None)


tries = Tries()


@method_decorator([public_view, never_cache], name="dispatch")
class TrackView(View):
    """Ask for number and code, then show the card with all an author may do."""

    def get(self, request):
        # A QR code brings the number; the code stays behind "#", where no server sees it.
        return self.ask(TrackForm(initial={"number": request.GET.get("number", "")[:20]}))

    def post(self, request):
        at = timezone.now()
        form = TrackForm(request.POST)
        if not form.is_valid():
            return self.ask(form)
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        bucket = request.rate_bucket.address
        if wait := tries.wait(bucket, number, at=at):
            form.add_error(
                None,
                ngettext(
                    "That was tried too often. Please wait %(seconds)d second and try again.",
                    "That was tried too often. Please wait %(seconds)d seconds and try again.",
                    wait,
                )
                % {"seconds": wait},
            )
            response = self.ask(form, status=429)
            response.headers["Retry-After"] = str(wait)
            return response
        rows = Inquiry.objects.filter(code_hash=sealing.code_hash(code))
        inquiry = matter_for_author(numbered(number, rows))
        if inquiry is None:
            tries.miss(bucket, number, at=at)
            form.add_error(
                None, _("Number and code do not fit together. Look at your receipt again; both must be right.")
            )
            return self.ask(form)
        tries.hit(bucket, number)
        return self.opened(request, inquiry, code, at)

    def opened(self, request, inquiry, code, at):
        """Show the card, after doing what a form of its page asked for."""
        if file_id := request.POST.get("file"):
            return file_for_author(inquiry, file_id)
        said, forms, status = "", {}, 200
        if request.POST.get("act") in ("rate", "message"):
            if not is_from_here(request):
                raise Http404
            answer = act_as_author(request.POST, inquiry, at)
            status = answer.status
            if answer.form is not None:
                forms = {answer.name: answer.form}
            else:
                said = answer.sentence
                inquiry = matter_for_author(Inquiry.objects.filter(pk=inquiry.pk))
        context = author_context(inquiry, at, **forms)
        form = next(iter(forms.values()), None)
        return render(
            request, "feedback/track_own.html", {**context, "code": code, "said": said, "form": form}, status=status
        )

    def ask(self, form, status=200):
        return render(self.request, "feedback/track.html", {"form": form}, status=status)
