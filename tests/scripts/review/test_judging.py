"""Controls judge what stands before and what would stand after, and what is new is told apart."""

from dataclasses import replace
from datetime import date
from typing import Any

from policies.control import Control, Level, Severity, need, ruled
from policies.evidence.verdicts import Effective, Layer
from policies.evidence.verdicts import Verdicts as Recorded
from policies.graph import Graph
from policies.values import ABSENT
from policies.verdict import Finding, Verdict
from scripts.review.judging import Verdicts, graphs, judged, recorded
from scripts.review.masking import HIDDEN
from tests.scripts.review import samples
from tests.scripts.review.samples import (
    QUEUE,
    SECRET,
    SIGNATURE,
    create,
    delete,
    previewed,
    same,
    state,
    step,
    update,
    urn,
)
from tests.scripts.review.samples import (
    replace as replaced,
)

TODAY = date(2026, 11, 22)
CONTROL = Control(
    id="TST-01",
    title="A queue is closed",
    severity=Severity.HIGH,
    why="",
    fix="close it",
    clauses=(),
    governs=(QUEUE,),
    check=lambda graph: [ruled(each, need(each, "open", lambda value: value is False, "false")) for each in graph.of(QUEUE)],
)


def verdicts(*steps: Any) -> Verdicts:
    return judged(previewed(*steps), None, TODAY, [CONTROL])


def names(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.urn.rpartition("::")[2] for finding in findings]


def test_new_known_and_mended_violations_are_told_apart() -> None:
    found = verdicts(
        create(QUEUE, "new", {"open": True}),
        update(QUEUE, "worse", {"open": False}, {"open": True}, "open"),
        same(QUEUE, "known", {"open": True}),
        replaced(QUEUE, "mended", {"open": True}, {"open": False}, "open"),
        delete(QUEUE, "gone", {"open": True}),
        update(QUEUE, "later", {"open": False}, {"open": samples.UNKNOWN}, "open"),
        create(QUEUE, "right", {"open": False}),
    )
    assert names(found.new) == ["new", "worse"]
    assert names(found.violations) == ["new", "worse", "known"]
    assert names(found.mended) == ["gone", "mended"]
    assert names(found.open) == ["later"]
    assert found.counts[Verdict.PASS] == 2 and found.blocking == found.violations


def test_a_violation_of_an_advisory_control_blocks_nothing() -> None:
    preview = previewed(create(QUEUE, "new", {"open": True}))
    found = judged(preview, None, TODAY, [replace(CONTROL, level=Level.ADVISORY)])
    assert names(found.new) == ["new"] and not found.blocking


def test_a_secret_is_open_to_no_control_and_a_type_of_two_names_is_one() -> None:
    hidden = {SIGNATURE: SECRET, "ciphertext": HIDDEN}
    assert names(verdicts(create(QUEUE, "hidden", {"open": hidden})).open) == ["hidden"]
    _, after = graphs(previewed(create("aws:s3/bucketV2:BucketV2", "files")), None)
    assert [each.type for each in after.of("aws:s3/bucket:Bucket")] == ["aws:s3/bucket:Bucket"]


def test_links_that_events_leave_out_are_read_from_the_state() -> None:
    target, source = state("aws:kms/key:Key", "key"), state(QUEUE, "jobs", {"kmsMasterKeyId": samples.UNKNOWN})
    preview = previewed([step("same", target, target), step("update", source, source)])
    row = {"urn": source["urn"], "type": QUEUE, "propertyDependencies": {"kmsMasterKeyId": [target["urn"]]}}

    def linked(held: Any) -> list[str]:
        _, after = graphs(preview, held)
        return [each.name for each in after.target(after.of(QUEUE)[0], "kmsMasterKeyId", "aws:kms/key:Key").resources]

    assert linked(None) == []
    assert linked({"deployment": {"resources": [row]}}) == linked({"checkpoint": {"latest": {"resources": [row]}}}) == ["key"]


def test_what_stays_keeps_the_names_that_others_know_it_by() -> None:
    old = {**state("aws:kms/key:Key", "key", {"a": 1}), "id": "1234", "outputs": {"arn": "arn:key"}}
    bare = {**state("aws:kms/key:Key", "key", {"a": 2}), "outputs": {}}
    user = create(QUEUE, "jobs", {"kmsMasterKeyId": "arn:key"})
    for op, found in (("same", ["key"]), ("update", ["key"]), ("replace", [])):
        _, after = graphs(previewed([step(op, old, bare)], user), None)
        assert [each.name for each in after.target(after.of(QUEUE)[0], "kmsMasterKeyId", "aws:kms/key:Key").resources] == found


def test_a_resource_is_where_its_stack_is_unless_it_or_its_provider_says_otherwise() -> None:
    default, other = (f"urn:pulumi:us-east-1::morefocus::pulumi:providers:aws::{name}::1234" for name in ("default_7_51_1", "elsewhere"))
    _, after = graphs(
        previewed(
            create(QUEUE, "a", provider=default),
            create(QUEUE, "b", {"region": "eu-west-1"}, provider=default),
            create(QUEUE, "c", provider=other),
        ),
        None,
    )
    assert [(each.region, each.provider_region) for each in after.of(QUEUE)] == [
        ("us-east-1", "us-east-1"),
        ("eu-west-1", "us-east-1"),
        (ABSENT, ABSENT),
    ]


def test_what_packs_recorded_stands_for_what_would_be_judged_here() -> None:
    one, other = (Finding(control="TST-01", urn=urn(QUEUE, name), verdict=Verdict.VIOLATION, message="") for name in ("new", "known"))
    kept = Recorded(
        stack=samples.STACK,
        layer=Layer.PREVIEW,
        as_of=TODAY,
        controls_digest="0" * 64,
        configuration_digest="0" * 64,
        resources={QUEUE: 2},
        levels={"TST-01": Effective.ADVISORY},
        findings=(one, other),
    )
    found = recorded(kept, [other])
    assert names(found.new) == ["new"] and not found.blocking
    assert recorded(kept.model_copy(update={"levels": {"TST-01": Effective.MANDATORY}}), []).blocking


def test_nothing_of_a_violation_that_was_excepted_before_is_new() -> None:
    finding = Finding(control="TST-01", urn=urn(QUEUE, "jobs"), verdict=Verdict.VIOLATION, message="")
    found = Verdicts(findings=(finding,), before=(replace(finding, verdict=Verdict.EXCEPTED),))
    assert not found.new and found.violations == (finding,)


def test_an_empty_stack_has_nothing_to_judge() -> None:
    assert Graph(()).types == frozenset() and verdicts().counts == {Verdict.NOT_APPLICABLE: 1}
