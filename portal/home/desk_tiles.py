"""What waits at the desks of somebody with a role, as numbers that lead to the lists."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from feedback.enums import InquiryState
from feedback.queries import decisions_waiting, lamp_condition, leader_inbox, triage_board
from portal.accounts.authority import authority_of
from portal.accounts.enums import Role

MOST_COUNTED = 100
UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)
KEEPERS = (*UNION, Role.DISCIPLINE_INSPECTOR)
WORKERS = (Role.HANDLER, Role.DEPARTMENT_HEAD, Role.DISCIPLINE_INSPECTOR)
APPROVERS = (Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR)
DECIDERS = (*KEEPERS, Role.LEADER_IN_CHARGE)


@dataclass(frozen=True)
class Tile:
    """One number: what it counts, how many, where they are listed, and a lamp's tone when it presses."""

    label: str
    value: str
    url: str
    tone: str = ""


def _count(rows):
    n = rows.order_by()[:MOST_COUNTED].count()
    return n, f"{n}+" if n == MOST_COUNTED else str(n)


def _address(name, query):
    try:
        return f"{reverse(name)}?{query}" if query else reverse(name)
    except NoReverseMatch:
        return ""


def tiles_for(person, at):
    """
    Return the tiles of a person's roles; none for a worker without a role.

    Every number is one query that stops counting at a hundred.
    """
    authority = authority_of(person)
    holds = authority.holds
    wanted = []
    if holds(*KEEPERS):
        wanted += [
            (
                _("to register"),
                triage_board(person, stage=InquiryState.SUBMITTED),
                "feedback:triage",
                "stage=submitted",
                "yellow",
            ),
            (
                _("to assign"),
                triage_board(person, stage=InquiryState.REGISTERED),
                "feedback:triage",
                "stage=registered",
                "yellow",
            ),
        ]
    if holds(*WORKERS):
        wanted.append((_("to answer"), leader_inbox(person, "handle"), "feedback:inbox", "tab=handle", ""))
    if holds(*APPROVERS):
        wanted.append((_("to approve"), leader_inbox(person, "approve"), "feedback:inbox", "tab=approve", "yellow"))
    if holds(*KEEPERS):
        wanted.append(
            (
                _("to deliver"),
                triage_board(person, stage=InquiryState.APPROVED),
                "feedback:triage",
                "stage=approved",
                "yellow",
            )
        )
        for lamp, label in (("yellow", _("due soon")), ("red", _("overdue"))):
            wanted.append(
                (label, triage_board(person, lamp=lamp, now=at), "feedback:triage", f"stage=all&lamp={lamp}", lamp)
            )
    elif holds(Role.HANDLER, Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE):
        tab = "reported" if holds(Role.LEADER_IN_CHARGE) else "handle"
        for lamp, label in (("yellow", _("due soon")), ("red", _("overdue"))):
            rows = leader_inbox(person, tab).filter(lamp_condition(lamp, at))
            wanted.append((label, rows, "feedback:inbox", f"tab={tab}&lamp={lamp}", lamp))
    tiles = []
    for label, rows, name, query, tone in wanted:
        n, value = _count(rows)
        tiles.append(Tile(label, value, _address(name, query), tone if n else ""))
    if holds(*DECIDERS):
        n = sum(len(rows) for rows in decisions_waiting(person).values())
        tiles.append(Tile(_("requests to decide"), str(n), _address("feedback:decisions", ""), "yellow" if n else ""))
    return tiles
