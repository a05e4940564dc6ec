"""How a display board is doing, and what a playlist shows when, in words: one source for list, page and tests."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.days import LOCAL
from portal.kernel.templatetags.words import say_short_day

from .dayparts import runs_at, weekdays_of
from .enums import BoardState, Section
from .operations.board_pulses import SILENCE
from .standing import Standing

TONES = {
    BoardState.NEW: "grey",
    BoardState.SHOWING: "green",
    BoardState.RESTING: "blue",
    BoardState.SILENT: "red",
    BoardState.RETIRED: "grey",
}


def board_state(board, at, playlists=None):
    """Return how a board is doing at a moment: heard of late, resting, silent; a comparison, never a column."""
    if not board.is_active:
        return BoardState.RETIRED
    if not hasattr(board, "pulse"):
        return BoardState.NEW
    if board.pulse.last_seen >= at - SILENCE:
        return BoardState.SHOWING
    playlists = board.playlists.all() if playlists is None else playlists
    return BoardState.SILENT if any(runs_at(one, at) for one in playlists) else BoardState.RESTING


def board_standing(board, at, playlists=None):
    """Return the state of a board as a reader sees it, with when it was last heard."""
    state = board_state(board, at, playlists)
    sentence = ""
    if hasattr(board, "pulse"):
        heard = board.pulse.last_seen.astimezone(LOCAL)
        sentence = _("last heard %(day)s %(time)s") % {"day": say_short_day(heard), "time": f"{heard:%H:%M}"}
    return Standing(state, TONES[state], state.label, sentence)


def hours_of(playlist):
    """Return when a playlist runs: its days and hours."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    days = weekdays_of(playlist.weekdays)
    on = _("every day") if len(days) == 7 else _(", ").join(names[day] for day in days)
    if playlist.begins == playlist.ends:
        return _("%(days)s, day and night") % {"days": on}
    return _("%(days)s, %(begins)s to %(ends)s") % {
        "days": on,
        "begins": f"{playlist.begins:%H:%M}",
        "ends": f"{playlist.ends:%H:%M}",
    }


def rules_of(playlist):
    """Return what the rules of a playlist take, a phrase each."""
    phrases = []
    if playlist.takes_screen:
        phrases.append(_("texts for the electronic display board"))
    if playlist.takes_notices:
        phrases.append(_("all public notices"))
    if playlist.sections:
        count = len(playlist.sections)
        names = _(", ").join(str(Section(code).label) for code in playlist.sections)
        phrases.append(ngettext("the category %(names)s", "the categories %(names)s", count) % {"names": names})
    if phrases and playlist.takes_above:
        phrases.append(_("also of the units above"))
    if phrases and playlist.takes_below:
        phrases.append(_("also of the units below"))
    return phrases
