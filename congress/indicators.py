"""What a unit owes to the workers' congress, added up in a month: indicators for the scorecard."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from feedback.indicators import answers_in_time
from portal.deadlines.kept import KeptShare
from portal.kernel.indicators import Indicator, register_indicator

from .channels import MOTION
from .enums import StepCode


def _name_papers(promise):
    step = getattr(promise, "session_step", None)
    return _now("papers of %(session)s") % {"session": step.session} if step else ""


def _name_task(promise):
    return promise.resolution_task.title


MOTIONS = answers_in_time((MOTION,))
PAPERS = KeptShare((f"session.{StepCode.PAPERS.value}",), _name_papers, ("session_step__session__term__unit",))
TASKS = KeptShare(("resolution.task",), _name_task, ("resolution_task",))


def register():
    """Offer the indicators of the congress; called once, from ``apps.ready()``."""
    for indicator in (
        Indicator(
            code="motion.on_time",
            label=_("Motions answered in time"),
            formula=_("motions answered by their due day ÷ motions whose answer fell due in the period"),
            numerator=_("filed motions whose first answer was given before it was late"),
            denominator=_("filed motions whose first answer fell due in the period"),
            source=_("practice of people's congresses: thirty days to three months"),
            figures=MOTIONS.figures,
            behind=MOTIONS.behind,
            changed=MOTIONS.changed,
            order=100,
        ),
        Indicator(
            code="papers.on_time",
            label=_("Congress papers in time"),
            formula=_("sessions whose papers went out in time ÷ sessions whose papers fell due in the period"),
            numerator=_("sessions whose agenda and papers reached the delegates in time"),
            denominator=_("sessions whose papers fell due in the period"),
            source=_("Shanghai 职工代表大会条例 art. 30, Henan art. 19: seven days before the opening"),
            figures=PAPERS.figures,
            behind=PAPERS.behind,
            changed=PAPERS.changed,
            order=110,
        ),
        Indicator(
            code="resolution.on_time",
            label=_("Tasks of resolutions done"),
            formula=_("tasks done by their due day ÷ tasks of resolutions that fell due in the period"),
            numerator=_("tasks reported as done before they were late"),
            denominator=_("tasks that fell due in the period; dropped ones only when dropped too late"),
            source=_("Shanghai 职工代表大会条例 art. 12: the congress examines how its resolutions are carried out"),
            figures=TASKS.figures,
            behind=TASKS.behind,
            changed=TASKS.changed,
            order=120,
        ),
    ):
        register_indicator(indicator)
