"""Walks and counts that fill an empty stage of their own: one transaction for each module."""

import pytest

from tests.matrix.opening import kept_for

frozen, uploads, open_database = kept_for("module")


@pytest.fixture(autouse=True)
def private_uploads():
    """Leave the uploads where the stage has put them."""
