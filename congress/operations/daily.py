"""What of the congress runs by itself."""

import logging

from .duties import open_reports
from .endings import close_terms, end_mandates
from .motion_replies import close_calls, close_ratings

logger = logging.getLogger(__name__)


class StepsFailed(Exception):
    """Some of what runs by itself did not end; the others did, and the log has the reasons."""


def run_daily(*, at):
    """
    End mandates by the roster, open the reports of the year that is over, close calls for motions and their ratings.

    Safe to run any number of times.

    :raises StepsFailed: naming the steps that failed, after all others have run.
    """
    done, failed = {}, []
    for name, step in (
        ("ended", end_mandates),
        ("reports", open_reports),
        ("closed", close_terms),
        ("calls", close_calls),
        ("ratings", close_ratings),
    ):
        try:
            done[name] = step(at=at)
        except Exception:
            logger.exception("The step %s of the congress failed", name)
            failed.append(name)
    if failed:
        raise StepsFailed(", ".join(failed))
    return done
