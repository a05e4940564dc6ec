"""A works with a congress."""

import pytest
from django.utils import translation

from tests.factories.congress import make_hall


@pytest.fixture
def hall(db):
    """Units and people of tests.factories.congress."""
    return make_hall()


@pytest.fixture
def english():
    """Speak English, so that reasons can be told apart by a word of the source."""
    with translation.override("en"):
        yield
