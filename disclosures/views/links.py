"""The acts a person may do on a text now, as buttons of its working page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day

from .. import operations as does
from .. import rules
from ..enums import PublicationState, Step
from ..rules.boards import may_add_board, may_show_on_boards


def act_links(user, publication, at):
    """Return the acts a person may do on a publication now: [{label, url, icon, tone}], the main one first."""
    links = []

    def offer(name, label, verdict, *, icon="", tone="secondary", args=()):
        if verdict:
            url = reverse(f"disclosures:{name}", args=[publication.pk, *args])
            links.append({"label": label, "url": url, "icon": icon, "tone": tone})

    for step in rules.next_steps(publication):
        label = _("Sign: %(step)s") % {"step": Step(step).label}
        offer("sign", label, rules.may_sign(user, publication, step), icon="signature", tone="primary", args=(step,))
    may_edit = rules.may_edit_draft(user, publication)
    offer("submit", _("Hand on for approval"), rules.may_submit(user, publication), icon="send", tone="primary")
    offer("edit", _("Change"), may_edit, icon="square-pen")
    offer("ratify", _("Approve afterwards"), rules.may_ratify(user, publication), icon="gavel", tone="primary")
    offer(
        "decide_correction",
        _("Decide on the correction"),
        rules.may_decide_correction(user, publication),
        icon="gavel",
        tone="primary",
    )
    offer(
        "decide_withdrawal",
        _("Decide on the withdrawal"),
        rules.may_decide_withdrawal(user, publication),
        icon="gavel",
        tone="primary",
    )
    if publication.serial is not None:
        if hasattr(publication, "notice"):
            is_over = does.period_of_notice(publication, at).is_over
            offer(
                "outcome",
                _("Enter the outcome"),
                rules.may_decide_outcome(user, publication, is_over=True),
                icon="clipboard-check",
                tone="primary" if is_over else "secondary",
            )
            is_again = publication.notice.masked_at is not None
            label = _("Mask more personal data") if is_again else _("Mask personal data")
            verdict = rules.may_mask(user, publication, is_over=is_over)
            offer("mask", label, verdict, icon="eye-off", tone="quiet" if is_again else "secondary")
        if publication.publish_at <= at and may_show_on_boards(
            publication, is_on_show=publication.shown_until >= local_day(at)
        ):
            offer_board(links, user, publication)
        offer("correct", _("Correct"), rules.may_correct(user, publication), icon="file-pen-line")
        offer("gap", _("Record days without display"), rules.may_report_gap(user, publication), icon="calendar-x")
        offer("flag", _("Demand rectification"), rules.may_flag(user, publication), icon="flag")
        offer("withdraw", _("Withdraw"), rules.may_withdraw(user, publication), icon="archive-x", tone="quiet")
    offer("archive", _("Archive"), rules.may_archive(user, publication), icon="archive")
    offer("force", _("Publish out of turn"), rules.may_force(user, publication), icon="siren", tone="quiet")
    offer("discard", _("Discard the draft"), rules.may_discard(user, publication), icon="trash-2", tone="quiet")
    return links


def hindrance_of(user, publication):
    """Return why a draft of this person's cannot be handed on yet, or "": a button that is missing says nothing."""
    if not rules.may_edit_draft(user, publication):
        return ""
    return rules.may_submit(user, publication).reason


def requests_waiting(publication):
    """Return the corrections and withdrawals that somebody asked for and nobody has decided yet, oldest first."""
    if publication.state == PublicationState.WITHDRAWN:
        return []
    rows = [*publication.corrections.all(), *publication.withdrawals.all()]
    return sorted((row for row in rows if row.is_granted is None), key=lambda row: row.asked_at)


def offer_board(links, user, publication):
    """Offer to put a text on a display board, to those who keep one."""
    if may_add_board(user):
        url = f"{reverse('disclosures:board_pin')}?text={publication.number}"
        links.append({"label": _("Put it on a board"), "url": url, "icon": "pin", "tone": "secondary"})
