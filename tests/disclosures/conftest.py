"""The offices that prepare, sign and supervise."""

import pytest
from django.utils import translation

from tests.factories.disclosures import make_offices


@pytest.fixture
def offices(db):
    """Units and people of tests.factories.disclosures."""
    return make_offices()


@pytest.fixture
def english():
    """Speak English, so that reasons can be told apart by a word of the source."""
    with translation.override("en"):
        yield
