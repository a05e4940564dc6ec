"""What is disclosed to everybody is found by everybody: no kind of text is closed to visitors as a whole."""

from django.contrib.auth.models import AnonymousUser

from portal.search.registry import kinds_for, known_kinds


def test_every_kind_of_disclosure_is_open_to_visitors():
    ours = {kind.code for kind in known_kinds() if kind.code.startswith("disclosures.")}
    assert {kind.code for kind in kinds_for(AnonymousUser())} & ours == ours
    assert ours == {
        f"disclosures.{name}" for name in ("publication", "bulletin", "briefing", "consultation", "major", "regulation")
    }
