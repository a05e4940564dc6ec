"""
The validity sheet's arithmetic, in whole numbers and without a database (domain.md §3.5).

150 delegates in all: 100 make the quorum, 76 votes for pass an item, 75 where
the text says half or more. Nothing is decided by nobody: 0 of 0 is never enough.
"""

from dataclasses import dataclass

from .enums import NEVER_WAIVED, Gate, Light
from .seats import quorum_short, votes_needed


@dataclass(frozen=True)
class Line:
    """
    One line of the sheet: what there is, what is needed, how many are short.

    ``rule`` is the code of the sentence that says the rule, ``words`` what
    stands in it; ``waiver`` the record of who waived a red line, and why.
    """

    gate: str
    light: str
    have: int | None = None
    need: int | None = None
    short: int = 0
    rule: str = ""
    words: tuple = ()
    waiver: object = None

    @property
    def is_barred(self):
        """Whether this line keeps session and votes shut."""
        return self.light == Light.RED

    @property
    def missing(self):
        """How many are short of a number that is known; what has none is met or is not."""
        return self.short if self.need is not None else 0

    @property
    def may_be_waived(self):
        """Whether any record could open what this line shuts."""
        return self.light == Light.RED and self.gate not in NEVER_WAIVED


def _line(gate, short, **more):
    return Line(gate, Light.RED if short else Light.GREEN, short=short, **more)


def quota_line(seats, least, staff):
    """The number of delegates against what the region's text asks for."""
    return _line(Gate.QUOTA, max(0, least - seats), have=seats, need=least, rule="quota", words=(("staff", staff),))


def composition_line(leaders_over, women_missing, percent):
    """Leaders too many and women missing together; none may be wrong."""
    words = (("leaders", leaders_over), ("women", women_missing), ("percent", percent))
    return _line(Gate.COMPOSITION, leaders_over + women_missing, rule="composition", words=words)


def credentials_line(whole, active):
    """The credential report: how many there are in all is fixed before the opening."""
    if whole is None:
        return Line(Gate.CREDENTIALS, Light.RED, have=active, rule="credentials", short=1)
    # Whoever leaves afterwards is not replaced in this number: fewer who sit now fall short of nothing.
    words = (("active", active),)
    return Line(Gate.CREDENTIALS, Light.GREEN, have=whole, rule="credentials_fixed", words=words)


def notice_line(in_time, delegates, late_papers, days):
    """Papers in the hands of every delegate so many days before the opening, and none added after."""
    short = max(0, delegates - in_time) + late_papers
    words = (("days", days), ("late", late_papers))
    return Line(
        Gate.NOTICE,
        Light.RED if short or not delegates else Light.GREEN,
        have=in_time,
        need=delegates,
        short=short,
        rule="notice",
        words=words,
    )


def quorum_needed(whole):
    """Return how many delegates make the quorum: two thirds of all, rounded up."""
    return -(-whole * 2 // 3)


def is_quorum(present, whole):
    """Whether two thirds of all delegates are there; nobody of nobody is none."""
    return whole > 0 and not quorum_short(present, whole)


def quorum_line(present, whole):
    """Two thirds of all delegates are in the hall."""
    if not whole:
        return Line(Gate.QUORUM, Light.RED, have=present, rule="quorum", short=1)
    return _line(Gate.QUORUM, quorum_short(present, whole), have=present, need=quorum_needed(whole), rule="quorum")


def presidium_line(check, percent):
    """The presidium by size and front-line share; ``check`` is None while there is none."""
    if check is None:
        return Line(Gate.PRESIDIUM, Light.RED, have=0, rule="presidium", short=1, words=(("percent", percent),))
    words = (("percent", percent), ("front", check.front))
    return _line(
        Gate.PRESIDIUM,
        check.too_few + check.too_many + check.front_short,
        have=check.count,
        need=check.least,
        rule="presidium",
        words=words,
    )


def secrecy_line(ballots, void):
    """Every vote goes through the sealed box; a void one is repeated before anything follows from it."""
    if void:
        return Line(Gate.SECRECY, Light.RED, have=ballots, short=void, rule="secrecy")
    return Line(Gate.SECRECY, Light.GREEN if ballots else Light.OPEN, have=ballots, rule="secrecy")


def passes(votes, whole, *, half_is_enough):
    """Whether so many votes for pass an item of so many delegates in all."""
    return whole > 0 and votes >= votes_needed(whole, half_is_enough=half_is_enough)


def majority_line(present, whole, *, half_is_enough):
    """How many votes for pass an item, and whether those in the hall could give them."""
    if not whole:
        return Line(Gate.MAJORITY, Light.RED, have=present, rule="majority", short=1)
    need = votes_needed(whole, half_is_enough=half_is_enough)
    rule = "majority_half" if half_is_enough else "majority"
    return _line(Gate.MAJORITY, max(0, need - present), have=present, need=need, rule=rule)


def with_waivers(lines, waivers):
    """
    Return the lines with the red ones that were waived, where the law lets them be; {gate: waiver}.

    A waiver covers what was short when it was recorded: what falls further short later is red again.
    """
    done = []
    for line in lines:
        waiver = waivers.get(line.gate)
        if waiver is not None and line.may_be_waived and line.short <= waiver.short:
            line = Line(**{**line.__dict__, "light": Light.WAIVED, "waiver": waiver})
        done.append(line)
    return done


def kept(line):
    """Return a line as it is kept with a closed session: figures and codes, the key of its waiver."""
    plain = {**line.__dict__, "gate": str(line.gate), "light": str(line.light)}
    return {**plain, "waiver": line.waiver.pk if line.waiver is not None else None}


def barred(lines):
    """Return the lines that keep the session and its votes shut."""
    return [line for line in lines if line.is_barred]
