"""Databases are told of their tables in one place, because SQLite must be told nothing."""

from pathlib import Path

from django.conf import settings

APPS = ("portal", "disclosures", "congress", "feedback", "evaluations")


def test_nothing_else_tells_a_database_anything():
    """SQLite 3.40 with statistics gives promises of next month for late ones (portal.kernel.statistics)."""
    files = [path for app in APPS for path in Path(settings.BASE_DIR, app).rglob("*.py")]
    assert [path.name for path in files if "ANALYZE" in path.read_text(encoding="utf-8")] == ["statistics.py"]
