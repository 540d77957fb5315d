"""A ledger takes runs from many at once, and tells where somebody changed it."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.evidence.ledger import Ledger, LedgerError
from policies.evidence.ledger_chain import NOTHING, Entry, Run, Tally, chained, check
from policies.evidence.verdicts import Layer
from policies.verdict import Verdict
from tests.policies.evidence.test_verdicts import judged

START = datetime(2026, 1, 1, tzinfo=UTC)
URN = "urn:pulumi:eu-west-1::morefocus::aws:s3/bucket:Bucket::files"
ROOT = Path(__file__).resolve().parents[3]


def run(
    hours: float = 0, *, failing: tuple[str, ...] = (), stack: str = "eu-west-1", layer: Layer = Layer.STATE, control: str = "RET-01"
) -> Run:
    counts = {Verdict.VIOLATION: len(failing)} if failing else {Verdict.PASS: 2}
    return Run(
        time=START + timedelta(hours=hours),
        commit="a" * 40,
        stack=stack,
        layer=layer,
        controls_digest="b" * 64,
        configuration_digest="c" * 64,
        controls={control: Tally(counts=counts, failing=failing)},
    )


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(length):
        entries.append(chained(run(number), number + 1, entries[-1].hash if entries else NOTHING))
    return entries


def written(entries: list[Entry]) -> bytes:
    return b"".join(entry.line for entry in entries)


def head(entries: list[Entry]) -> str:
    return f"{len(entries)} {entries[-1].hash if entries else NOTHING}"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.of(tmp_path, "eu-west-1")


def test_a_run_keeps_of_verdicts_what_an_auditor_counts() -> None:
    kept = Run.of(judged("TST-01"), time=START + timedelta(microseconds=5), commit="a" * 40)
    tally = kept.controls["TST-01"]
    assert tally.counts == {Verdict.EXCEPTED: 1, Verdict.PASS: 1, Verdict.UNDECIDED: 1, Verdict.VIOLATION: 1}
    assert [urn.rpartition("::")[2] for urn in tally.failing] == ["wrong"] and tally.verdict is Verdict.VIOLATION
    assert (kept.time, kept.stack, kept.layer) == (START, "eu-west-1", Layer.PREVIEW)
    assert b"hunter2" not in chained(kept, 1, NOTHING).line


def test_what_was_added_is_read_again_as_a_chain(ledger: Ledger) -> None:
    assert ledger.entries() == ()
    added = [ledger.append(run(hours)) for hours in range(3)]
    assert ledger.entries() == tuple(added)
    assert [entry.previous for entry in added] == [NOTHING, added[0].hash, added[1].hash]
    assert ledger.path.read_bytes() == written(chain(3)), "the same runs give the same bytes"


CHANGES: dict[str, Callable[[list[bytes], int], list[bytes]]] = {
    "removed": lambda lines, at: lines[:at] + lines[at + 1 :],
    "edited": lambda lines, at: [*lines[:at], lines[at].replace(b'"pass":2', b'"pass":3'), *lines[at + 1 :]],
    "spaced": lambda lines, at: [*lines[:at], lines[at].replace(b",", b", ", 1), *lines[at + 1 :]],
    "doubled": lambda lines, at: lines[: at + 1] + lines[at:],
    "swapped": lambda lines, at: [*lines[:at], *reversed(lines[at : at + 2]), *lines[at + 2 :]],
    "blanked": lambda lines, at: [*lines[:at], b"\n", *lines[at + 1 :]],
}


@given(length=st.integers(2, 8), at=st.integers(0, 7), how=st.sampled_from(sorted(CHANGES)))
def test_a_line_that_was_changed_removed_or_moved_is_named(length: int, at: int, how: str) -> None:
    entries = chain(length)
    # Two lines change places, so the last one has nobody to do so with.
    place = at % (length - 1 if how == "swapped" else length)
    found = check(b"".join(CHANGES[how]([entry.line for entry in entries], place)), head(entries))
    (problem,) = found.problems
    assert problem.line == place + (2 if how == "doubled" else 1)
    assert list(found.entries) == entries[: problem.line - 1], "lines before it hold"


@given(at=st.integers(0, 5_000), value=st.integers(0, 255))
@settings(max_examples=200)
def test_no_byte_can_be_changed_unseen(at: int, value: int) -> None:
    entries = chain(4)
    content = bytearray(written(entries))
    before = content[at % len(content)]
    content[at % len(content)] = value
    assert bool(check(bytes(content), head(entries)).problems) is (before != value)


@given(cut=st.integers(1, 5_000), length=st.integers(1, 5))
def test_whatever_is_cut_off_the_end_is_missed(cut: int, length: int) -> None:
    entries = chain(length)
    content = written(entries)
    kept = content[: -min(cut, len(content))]
    found = check(kept, head(entries))
    assert found.problems and found.torn is (not kept.endswith(b"\n") and kept != b"")
    assert found.problems[0].line == kept.count(b"\n") + 1


@given(length=st.integers(2, 6), at=st.integers(0, 5))
def test_a_forger_who_chains_anew_still_contradicts_the_head(length: int, at: int) -> None:
    entries = chain(length)
    forged: list[Entry] = []
    for number, entry in enumerate(entries):
        content = run(number, failing=(URN,)) if number == at % length else entry.run
        forged.append(chained(content, number + 1, forged[-1].hash if forged else NOTHING))
    assert not check(written(forged)).problems
    assert check(written(forged), head(entries)).problems


def test_a_line_that_jumps_the_chain_is_told_apart_by_its_reason() -> None:
    first, second = chain(2)
    other = chained(run(5, stack="sa-east-1"), 2, first.hash)
    early = chained(run(-2), 2, first.hash)
    loose = chained(run(1), 2, second.hash)
    for entry, reason in ((other, "each stack has a ledger"), (early, "nothing is recorded afterwards"), (loose, "does not follow")):
        (problem,) = check(first.line + entry.line).problems
        assert problem.line == 2 and reason in problem.text
    assert not check(first.line + chained(run(-0.5), 2, first.hash).line).problems, "several who take turns are no forgers"


def test_a_broken_ledger_takes_nothing_more(ledger: Ledger) -> None:
    for hours in range(3):
        ledger.append(run(hours))
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b'"pass":2', b'"pass":1', 2))
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerError, match=r"eu-west-1\.jsonl, line 1: its content and its hash do not fit"):
        ledger.append(run(4))
    assert ledger.path.read_bytes() == before


def test_a_ledger_of_another_stack_or_of_yesterday_is_not_added_to(ledger: Ledger) -> None:
    ledger.append(run(5))
    for wrong, reason in ((run(6, stack="staging"), "is of stack staging"), (run(1), "more than an hour before")):
        with pytest.raises(LedgerError, match=reason):
            ledger.append(wrong)
    assert len(ledger.entries()) == 1


@pytest.mark.parametrize("gone", ["ledger", "head"])
def test_a_ledger_without_one_of_its_two_files_is_not_believed(ledger: Ledger, gone: str) -> None:
    for hours in range(2):
        ledger.append(run(hours))
    (ledger.path if gone == "ledger" else ledger.head).unlink()
    with pytest.raises(LedgerError, match="line 1: it is missing" if gone == "ledger" else "the head beside the ledger is none"):
        ledger.append(run(3))


def test_a_write_that_a_crash_cut_off_is_explained_and_mended(ledger: Ledger) -> None:
    for hours in range(2):
        ledger.append(run(hours))
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + chain(3)[2].line[:40])
    with pytest.raises(LedgerError, match="line 3: it has no end, so its write was cut off: run `verify-ledger --mend`"):
        ledger.append(run(2))
    assert "line 3 was cut off in its midst" in ledger.mend()
    assert ledger.path.read_bytes() == whole and ledger.mend() == "nothing is torn"

    ledger.path.write_bytes(whole + chain(3)[2].line[:-1])
    assert "line 3 was whole but for its end" in ledger.mend()
    assert ledger.append(run(3)).sequence == 4


def test_a_crash_between_the_line_and_the_head_loses_nothing(ledger: Ledger) -> None:
    ledger.append(run(0))
    kept = ledger.head.read_text()
    ledger.append(run(1))
    ledger.head.write_text(kept)
    assert ledger.append(run(2)).sequence == 3
    ledger.head.write_text(kept)
    with pytest.raises(LedgerError, match="line 3: the head does not know of it"):
        ledger.entries()


def test_a_tail_that_is_missing_is_not_mended_away(ledger: Ledger) -> None:
    for hours in range(3):
        ledger.append(run(hours))
    ledger.path.write_bytes(chain(1)[0].line + b'{"half')
    with pytest.raises(LedgerError, match="cannot be mended: line 2: it is missing"):
        ledger.mend()


_APPENDER = """
import sys
from pathlib import Path
from policies.evidence.ledger import Ledger
from policies.evidence.ledger_chain import Run
for _ in range(10):
    Ledger.of(Path(sys.argv[1]), "eu-west-1").append(Run.model_validate_json(sys.argv[2]))
"""


def test_many_who_add_at_once_make_one_chain(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _APPENDER, str(tmp_path), run().model_dump_json()]
    others = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Ledger.of(tmp_path, "eu-west-1").append(run()), range(20)))
    assert [process.wait(60) for process in others] == [0, 0]
    assert len(Ledger.of(tmp_path, "eu-west-1").entries()) == 40


def test_a_chain_that_was_kept_elsewhere_is_written_where_none_is(ledger: Ledger) -> None:
    ledger.restore(tuple(chain(3)))
    assert ledger.append(run(3)).sequence == 4
    with pytest.raises(LedgerError, match="move it away"):
        ledger.restore(tuple(chain(3)))
