"""Lines of a ledger are spelt in one way only, and hold no more than they should."""

import json

import pytest
from pydantic import ValidationError

from policies.evidence.ledger_chain import NOTHING, Entry, canonical, chained
from tests.policies.evidence.test_ledger import URN, run


def test_the_hash_of_a_line_can_be_computed_by_whoever_has_the_line() -> None:
    import hashlib

    line = json.loads(chained(run(failing=(URN,)), 1, NOTHING).line)
    told = line.pop("hash")
    spelt = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(spelt).hexdigest() == told and canonical(line) == spelt


@pytest.mark.parametrize(("field", "value"), [("sequence", 0), ("previous", "x"), ("hash", "A" * 64), ("more", 1)])
def test_what_is_no_line_is_refused(field: str, value: object) -> None:
    line = json.loads(chained(run(), 1, NOTHING).line) | {field: value}
    with pytest.raises(ValidationError):
        Entry.model_validate(line)
