"""What runs by itself: the watch over the display, appearing, ending, opening duties."""

from .board_pulses import watch_boards
from .briefing_duties import open_briefing_duties
from .commitments import close_rounds, keep_signatories, renew_rounds
from .consultations import close_consultations
from .duties import open_duties
from .majors import open_major_reports
from .regulation_filing import drop_old_imports, refile_regulations
from .showing import close_notices, expire_due, publish_due
from .watching import watch_display


def run_minute(*, at, answers=True):
    """Record what has appeared, whether the pages answer, which boards are silent; safe to run any number of times."""
    return {
        "gaps": len(watch_display(at=at, answers=answers)),
        "published": publish_due(at=at),
        "silent": watch_boards(at=at),
    }


def run_daily(*, at, answers=True):
    """Open duties of ended periods, end displays and notices; safe to run any number of times."""
    return {
        # First: a dark day moves the end of the notices that are closed below.
        "gaps": len(watch_display(at=at, answers=answers)),
        "opened": open_duties(at=at),
        "briefings": open_briefing_duties(at=at),
        "closed": close_notices(at=at),
        "consultations": close_consultations(at=at),
        "expired": expire_due(at=at),
        "rounds_closed": close_rounds(at=at),
        "rounds_drafted": renew_rounds(at=at),
        "signatories": sum(keep_signatories(at=at)),
        "major_reports": open_major_reports(at=at),
        "regulations": refile_regulations(at=at),
        "imports": drop_old_imports(at=at),
    }
