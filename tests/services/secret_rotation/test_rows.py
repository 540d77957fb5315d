"""The rows that the program writes are the rows that the function reads."""

import json
from pathlib import Path

import pytest

from services.secret_rotation import rows
from services.secret_rotation.rows import Row


def test_rows_are_read_from_a_file_by_the_names_of_their_secrets(tmp_path: Path) -> None:
    document = {
        "sessions": {"kind": "plain", "days": 30, "generated": True, "rotates": True, "holds": ["secret"]},
        "database": {"kind": "database", "days": 30, "generated": False, "rotates": True},
    }
    (tmp_path / rows.FILE).write_text(json.dumps(document), encoding="utf-8")
    assert rows.load(tmp_path / rows.FILE) == {
        "sessions": Row(kind="plain", days=30, generated=True, rotates=True, holds=("secret",)),
        "database": Row(kind="database", days=30, generated=False, rotates=True),
    }


def test_a_row_without_one_of_its_fields_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="days"):
        rows.parsed({"sessions": {"kind": "plain", "generated": True, "rotates": True}})
