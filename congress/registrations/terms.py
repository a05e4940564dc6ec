"""Terms: the sentences of their acts."""

from django.utils.translation import gettext_lazy as _

from portal.ledger.registry import register_verb

from ..enums import BodyKind, ItemKind, Region


def register_verbs():
    union = _("union")
    for code, sentence, words in (
        (
            "congress_term.prepared",
            _("term %(number)s prepared, %(since)s to %(until)s: %(staff)s staff; by the text (%(region)s) %(least)s"
              " delegates at least"),
            {"region": lambda code: Region(code).label},
        ),
        ("congress_term.seats_set", _("%(seats)s delegates for %(staff)s staff"), {}),
        ("congress_term.units_chosen", _("electing units: %(units)s"), {}),
        ("congress_term.allocated", _("seats shared between the electing units"), {}),
        ("congress_term.fixed", _("%(seats)s seats fixed, for an allocation that somebody else made"), {}),
        ("congress_term.extension_asked", _("extension until %(until)s asked for"), {}),
        ("congress_term.extended", _("extended until %(until)s"), {}),
        ("congress_term.extension_refused", _("extension until %(until)s refused"), {}),
        ("electing_unit.contact_set", _("%(unit)s: contact office of the delegates set"), {}),
        ("delegation.formed", _("delegation formed by %(units)s"), {}),
        (
            "congress_body.formed",
            _("%(kind)s formed with %(members)s members"),
            {"kind": lambda code: BodyKind(code).label},
        ),
        ("congress_term.bypassed", _("flagged as not binding: %(kind)s, in force since %(on)s; demand %(inquiry)s"),
         {"kind": lambda code: ItemKind(code).label}),
        ("congress_observer.invited", _("%(person)s attends without a vote"), {}),
        ("congress_observer.ended", _("%(person)s attends no longer"), {}),
    ):  # fmt: skip
        register_verb(code, sentence, is_public=True, by=union, words=words)
