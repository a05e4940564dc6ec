"""What runs by itself: the watch over the display, appearing, ending, opening duties."""

import logging

from .board_pulses import watch_boards
from .briefing_duties import open_briefing_duties
from .briefings import leave_forgotten_open
from .changing import cancel_withdrawn_notices
from .commitment_years import close_rounds, renew_rounds
from .commitments import keep_signatories
from .consultations import close_consultations
from .duties import open_duties
from .majors import open_major_reports
from .masking import promise_masking
from .regulation_filing import drop_old_imports, refile_regulations
from .showing import close_notices, expire_due, publish_due
from .watching import watch_display

logger = logging.getLogger(__name__)


class StepsFailed(Exception):
    """Some of what runs by itself did not end; the others did, and the log has the reasons."""


def run_minute(*, at, answers=True):
    """
    Record what has appeared, whether the pages answer, which boards are silent; safe to run any number of times.

    :raises StepsFailed: naming the steps that failed, after all others have run.
    """
    return _run(
        gaps=lambda: len(watch_display(at=at, answers=answers)),
        published=lambda: publish_due(at=at),
        silent=lambda: watch_boards(at=at),
    )


def run_daily(*, at, answers=True):
    """
    Open what is owed, end what is over, file the library anew; safe to run any number of times.

    :raises StepsFailed: naming the steps that failed, after all others have run.
    """
    return _run(
        # First: a dark day moves the end of the notices that are closed below.
        gaps=lambda: len(watch_display(at=at, answers=answers)),
        opened=lambda: open_duties(at=at),
        briefings=lambda: open_briefing_duties(at=at),
        questions=lambda: leave_forgotten_open(at=at),
        closed=lambda: close_notices(at=at),
        masking=lambda: promise_masking(at=at),
        cancelled=lambda: cancel_withdrawn_notices(at=at),
        consultations=lambda: close_consultations(at=at),
        expired=lambda: expire_due(at=at),
        rounds_closed=lambda: close_rounds(at=at),
        rounds_drafted=lambda: renew_rounds(at=at),
        signatories=lambda: sum(keep_signatories(at=at)),
        major_reports=lambda: open_major_reports(at=at),
        regulations=lambda: refile_regulations(at=at),
        imports=lambda: drop_old_imports(at=at),
    )


def _run(**steps):
    """Run the steps in order and return what each did; one that fails must not keep the others from their day."""
    done, failed = {}, []
    for name, step in steps.items():
        try:
            done[name] = step()
        except Exception:
            logger.exception("The step %s of disclosures failed", name)
            failed.append(name)
    if failed:
        raise StepsFailed(", ".join(failed))
    return done
