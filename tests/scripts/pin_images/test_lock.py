"""The lock keeps what it knows, takes what it is told, and is written whole."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from config.software import UNRESOLVED, SoftwareItem, SoftwareLock
from scripts.pin_images.lock import Outcome, pin, write
from scripts.pin_images.web import NoAnswerError, WrongAnswerError

HERE, THERE = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def _item(name: str = "tool") -> SoftwareItem:
    return SoftwareItem.model_validate(
        {
            "kind": "image",
            "repository": f"registry.example.org/{name}",
            "version": "1.2.3",
            "why": "what it is here for",
            "licence": "Apache-2.0",
            "source": "https://example.org/releases",
            "read_on": "2026-11-22",
        }
    )


REFERENCE = _item().reference


def _pinned(answer: str | Exception, known: str = UNRESOLVED, **more: Any) -> Outcome:
    def ask(item: SoftwareItem) -> str:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return pin([_item()], {REFERENCE: known}, ask, **more)


def test_what_a_registry_gives_is_taken() -> None:
    outcome = _pinned(HERE)
    assert outcome.digests == {REFERENCE: HERE}
    assert (outcome.resolved, outcome.exit_code) == ([REFERENCE], 0)


def test_without_an_answer_there_is_no_digest_and_the_exit_code_says_so() -> None:
    outcome = _pinned(NoAnswerError("cannot be reached"))
    assert outcome.digests == {REFERENCE: UNRESOLVED}
    assert outcome.unresolved == {REFERENCE: "cannot be reached"}
    assert outcome.exit_code == 3


def test_without_an_answer_what_is_known_stays() -> None:
    outcome = _pinned(NoAnswerError("cannot be reached"), HERE)
    assert outcome.digests == {REFERENCE: HERE}
    assert outcome.kept and outcome.exit_code == 0


def test_a_tag_that_has_moved_is_told_and_not_taken_unless_asked_to() -> None:
    outcome = _pinned(THERE, HERE)
    assert outcome.digests == {REFERENCE: HERE}
    assert outcome.exit_code == 4 and f"from {HERE} to {THERE}" in outcome.wrong[REFERENCE]
    assert _pinned(THERE, HERE, accept_moved=True).digests == {REFERENCE: THERE}


def test_an_answer_that_contradicts_itself_changes_nothing() -> None:
    outcome = _pinned(WrongAnswerError("says one and gives another"), HERE, accept_moved=True)
    assert outcome.digests == {REFERENCE: HERE}
    assert outcome.exit_code == 4


def test_the_lock_forgets_what_the_catalogue_no_longer_has() -> None:
    outcome = pin([_item()], {REFERENCE: HERE, "registry.example.org/old:1.0.0": HERE}, lambda item: HERE)
    assert set(outcome.digests) == {REFERENCE}


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.sampled_from([None, HERE, THERE, WrongAnswerError("x")]), min_size=1)
)
def test_no_digest_is_in_the_lock_that_nobody_gave(answers: dict[str, Any]) -> None:
    items = {f"registry.example.org/{name}:1.2.3": answer for name, answer in answers.items()}

    def ask(item: SoftwareItem) -> str:
        answer = items[item.reference]
        if isinstance(answer, str):
            return answer
        raise answer or NoAnswerError("nobody")

    outcome = pin([_item(name) for name in answers], {}, ask)
    assert set(outcome.digests) == set(items)
    assert all(digest == (items[each] if isinstance(items[each], str) else UNRESOLVED) for each, digest in outcome.digests.items())


def test_the_file_is_sorted_and_read_back_as_it_was_written(tmp_path: Path) -> None:
    digests = {"b.example.org/b:1.2.3": UNRESOLVED, "https://a.example.org/a:1.2.3": HERE}
    write(tmp_path / "software.lock.yaml", digests)
    text = (tmp_path / "software.lock.yaml").read_text(encoding="utf-8")
    assert SoftwareLock.model_validate(yaml.safe_load(text)).digests == digests
    assert text.index("b.example.org/b") < text.index("https://a.example.org/a")
    assert text.startswith("# Written by `make pin-images`")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "software.lock.yaml"
    write(path, {REFERENCE: HERE})
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        write(path, {REFERENCE: THERE})
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["software.lock.yaml"]
