"""
The anonymous card: the same questions without session, cookie, address or time of day.

portal.kernel.middleware has made the visitor nobody before these views run and
has switched the CSRF cookie off for them: without a session there is nothing a
forged request could borrow. What keeps other sites and robots from sending
cards is here: a signed token with an age, the browser's word on where the form
came from, and a share of cards a day for each salted bucket of addresses.
"""

import datetime as dt
import uuid
from urllib.parse import urlsplit

from django.core import signing
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts.middleware import public_view
from portal.kernel.anonymity import buckets
from portal.kernel.days import day_end, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused

from ..enums import IdentityMode
from ..operations import submit_card
from ..queries import is_sent
from .receipts import receipt_context
from .write import CARRIED, CardWizard

SALT = "feedback.anonymous-card"
TOKEN_AGE = dt.timedelta(hours=12)


def make_token():
    """Return a new form token: the key of the card, signed with the moment the form was made, and nothing else."""
    return signing.TimestampSigner(salt=SALT).sign(str(uuid.uuid4()))


def key_of_token(token):
    """Return the key in a form token, or None when it is forged or too old."""
    try:
        return uuid.UUID(signing.TimestampSigner(salt=SALT).unsign(token, max_age=TOKEN_AGE))
    except (signing.BadSignature, ValueError):
        return None


def is_from_here(request):
    """Whether the browser says that the form came from the portal; one that says nothing is believed."""
    origin = request.META.get("HTTP_ORIGIN", "null")
    # Anonymous pages send no referrer, and with that policy a browser names its origin "null".
    return origin == "null" or urlsplit(origin).netloc == request.get_host()


@method_decorator([public_view, never_cache], name="dispatch")
class WriteAnonymousView(CardWizard):
    """A card from nobody: the receipt is shown once, at the end of the same request."""

    steps = ("kind", "topic", "place", "words", "check")
    base = "base_plain.html"
    is_anonymous = True
    extra_carried = ("form_token",)

    @property
    def own_url(self):
        return reverse("feedback:write_anonymous")

    def first_data(self):
        data = super().first_data()
        del data["idempotency_key"]
        data["form_token"] = make_token()
        return data

    def start_from(self, data):
        """Take over what somebody had written before choosing to be unnamed; the form's key stays behind."""
        if not is_from_here(self.request):
            return self.get(self.request)
        fresh = self.first_data()
        for name in CARRIED:
            if name in data and name not in ("mode", "seen"):
                fresh.setlist(name, data.getlist(name))
        return self.show(self.after("kind", fresh) if "kind" in fresh else "kind", fresh)

    def mode_of(self, answers):
        return IdentityMode.ANONYMOUS

    def key_of(self, data):
        return key_of_token(data.get("form_token", ""))

    def deliver(self, draft, data):
        at = timezone.now()
        today = local_day(at)
        if not is_from_here(self.request):
            raise OperationRefused(_("This form came from another site and was not taken."))
        if draft.idempotency_key is None:
            data = data.copy()
            data["form_token"] = make_token()
            return self.show(
                "check",
                self.kept(data, None, "check"),
                fault=_(
                    "This page was open for a long time. Your card has not been sent yet: please press send once more."
                ),
                form=self.bound("check", data),
                status=403,
            )
        # Sending the same form again costs nothing of the day's share and shows the same receipt.
        if not is_sent(draft.idempotency_key) and not buckets.take(self.request.rate_bucket, day=today):
            response = self.show(
                "check",
                self.kept(data, None, "check"),
                fault=_(
                    "The most anonymous cards that one place may send in a day have been sent. Try again after"
                    " midnight, or hand a paper card to your union desk. Nothing has been sent yet."
                ),
                form=self.bound("check", data),
                status=429,
            )
            response.headers["Retry-After"] = str(int((day_end(today) - at).total_seconds()) + 1)
            return response
        receipt = submit_card(draft=draft, actor=None, at=at)
        if receipt.inquiry.identity_mode != IdentityMode.ANONYMOUS:
            raise Conflict(_("This form has been sent already. Begin a new card."))
        context = receipt_context(self.request, receipt.inquiry, receipt.code, at)
        return render(self.request, "feedback/receipt_anonymous.html", {**context, "is_again": not receipt.is_new})
