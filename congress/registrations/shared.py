"""What the registrations of all areas do alike."""

from django.urls import reverse


def subject_url(subject):
    """Return the path that sends a reader on to the page of a term, a mandate or a report."""
    kind, _colon, key = subject.partition(":")
    return reverse("congress:go", args=[kind.removeprefix("congress."), key])


def url_of(subject, facts):
    """Return the path of what a notice is about."""
    return subject_url(subject)


def titled(text):
    """Return the title of a notice: a lazy text filled in with the notice's facts, in its reader's language."""

    def title(facts):
        return str(text) % facts

    return title
