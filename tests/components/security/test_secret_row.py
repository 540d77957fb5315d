from typing import Any

import pytest

from components.security.secret_row import SecretRow


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"days": 0, "generated": False, "rotates": False}, "days must be 1 to 365"),
        ({"days": 366, "generated": False, "rotates": False}, "days must be 1 to 365"),
        ({"days": 30, "generated": True, "rotates": True}, "holds must name"),
        ({"days": 30, "generated": False, "rotates": True}, "rotates must be False"),
    ],
)
def test_a_row_that_could_not_be_followed_is_refused(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        SecretRow(**given)


def test_a_password_that_is_set_on_a_database_may_rotate_without_being_generated() -> None:
    assert SecretRow(days=30, generated=False, rotates=True, kind="database").rotates
