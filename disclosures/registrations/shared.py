"""What the registrations of all areas do alike."""

from portal.deadlines.kinds import Kind, register_kind


def register_promises(rows, *, subject_url):
    """Register kinds of promises: rows of (code, what is owed, since when, rule, key of its number or "", ladder)."""
    for code, label, opening, rule, rule_key, ladder in rows:
        register_kind(
            Kind(
                code=code,
                label=label,
                opening=opening,
                rule=rule,
                rule_key=rule_key,
                ladder=ladder,
                subject_url=subject_url,
            )
        )


def titled(text):
    """Return the title of a notice: a lazy text filled in with the notice's facts, in its reader's language."""

    def title(facts):
        return str(text) % facts

    return title
