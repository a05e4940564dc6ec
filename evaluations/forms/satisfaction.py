"""The forms of a satisfaction poll: drawing one up, and the one page that everybody fills in."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.ballots.forms import BallotForm
from portal.ballots.forms.desk import ScrutineerField, ScrutineersMixin
from portal.kernel.days import LOCAL
from portal.kernel.forms import ClockField, DayField, IdempotencyMixin, PortalForm

from ..queries.satisfaction import satisfaction_of
from ..satisfaction_policy import statement


class SatisfactionForm(ScrutineersMixin, IdempotencyMixin, PortalForm):
    """Whose staff is asked, until when, and who opens the box."""

    unit = UnitField(
        label=_("Unit"),
        empty_label=_("choose"),
        help_text=_("Everybody on its roster is asked, those of the units below too."),
    )
    closes_on = DayField(label=_("Closes on"))
    closes_time = ClockField(label=_("at"), initial=dt.time(18, 0))
    scrutineer_one = ScrutineerField(label=_("First scrutineer, job number"))
    scrutineer_two = ScrutineerField(label=_("Second scrutineer, job number"))
    scrutineer_three = ScrutineerField(label=_("Third scrutineer, job number"))

    def __init__(self, *args, units, today, longest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["closes_on"].earliest = today + dt.timedelta(days=1)
        self.fields["closes_on"].latest = today + dt.timedelta(days=longest)

    @property
    def closes_at(self):
        """The moment from which no form is taken."""
        values = self.cleaned_data
        return dt.datetime.combine(values["closes_on"], values["closes_time"], tzinfo=LOCAL)


class SatisfactionBallot(BallotForm):
    """What everybody fills in: one page, one press."""

    paper_template = "evaluations/satisfaction/ballot.html"

    def __init__(self, satisfaction, poll, data=None):
        self.satisfaction = satisfaction
        super().__init__(poll.definition, data)

    @classmethod
    def of(cls, poll, person, data=None):
        """Return the form of a poll; it is the same for everybody."""
        return cls(satisfaction_of(poll), poll, data)

    def page_context(self):
        return {"satisfaction": self.satisfaction, "statement": statement(self.satisfaction)}
