"""Fields of the roster's forms."""

import pytest
from django.core.exceptions import ValidationError

from portal.accounts.forms import MailField


@pytest.mark.parametrize("typed", ["nobody", "a@b", "n" * 300 + "@example.com"])
def test_wrong_mail_address_is_said_plainly(typed):
    with pytest.raises(ValidationError) as caught:
        MailField(max_length=254).clean(typed)
    assert set(caught.value.messages) == {"邮箱地址不正确。"}
