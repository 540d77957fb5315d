"""Buckets in which what is deleted, or old, stays."""

from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
OLD, EXPIRY = "rules.0.noncurrentVersionExpiration.noncurrentDays", "rules.2.expiration.days"
WHOLE = {"status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": 30}, "expiration": {"days": 30}}


def lives(name: str, path: str, value: Any) -> Any:
    return lambda draft: draft.one(LIFECYCLE, name).set(path, value)


def added(data: str | None, *rules: dict[str, Any], inline: bool = False) -> Any:
    def change(draft: Draft) -> None:
        tags = {} if data is None else {"data-class": data}
        draft.add(BUCKET, "another", {"bucket": "another", "tags": tags} | ({"lifecycleRules": list(rules)} if inline else {}))
        if rules and not inline:
            draft.add(LIFECYCLE, "another", {"bucket": "another", "rules": list(rules)})

    return change


CAUGHT = [
    Mutation("nothing ages in a bucket", lambda draft: draft.remove(LIFECYCLE, "files-lifecycle")),
    Mutation("what is erased stays for a year as an old version", lives("files-lifecycle", OLD, 365)),
    Mutation("old versions have no end", lambda draft: draft.one(LIFECYCLE, "files-lifecycle").drop("rules.0.noncurrentVersionExpiration")),
    Mutation("the rule is off", lives("files-lifecycle", "rules.0.status", "Disabled")),
    Mutation("the rule is for a folder", lives("files-lifecycle", "rules.0.filter", {"prefix": "temporary/"})),
    Mutation("the rule is for objects with a tag", lives("files-lifecycle", "rules.0.filter", {"tag": {"key": "short", "value": "1"}})),
    Mutation("the rule is for a folder, as it was written once", lives("files-lifecycle", "rules.0.prefix", "temporary/")),
    Mutation("backups are kept for two years", lives("backups-lifecycle", EXPIRY, 730)),
    Mutation("backups have no end", lambda draft: draft.one(LIFECYCLE, "backups-lifecycle").drop("rules.2")),
    Mutation("copies of backups have no end", lambda draft: draft.one(LIFECYCLE, "euc1-backups-lifecycle").drop("rules.2")),
    Mutation("logs are kept for two years", lives("logs-lifecycle", EXPIRY, 731)),
    Mutation("logs are kept for ever", lives("logs-lifecycle", EXPIRY, 0)),
    Mutation("another bucket of personal data keeps everything", added("personal", {**WHOLE, "expiration": {}})),
    Mutation("a bucket says nothing of what it holds", added(None, {**WHOLE, "expiration": {"days": 400}})),
    Mutation("a bucket ages what has a tag, as it was written once", added("logs", {**WHOLE, "tags": {"short": "1"}})),
    Mutation(
        "a bucket ages nothing, as it was written once",
        added("logs", {"enabled": False, "expiration": {"days": 1}, "noncurrentVersionExpiration": {"days": 1}}, inline=True),
    ),
]
SPARED = [
    Mutation("old versions go sooner", lives("files-lifecycle", OLD, 30)),
    Mutation("backups go sooner", lives("backups-lifecycle", EXPIRY, 90)),
    Mutation("backups go the next day", lives("backups-lifecycle", EXPIRY, 1)),
    Mutation("logs are kept for a month more", lives("logs-lifecycle", EXPIRY, 400)),
    Mutation("a rule is for all objects in another way", lives("files-lifecycle", "rules.0.filter", {})),
    Mutation("a rule is for all objects in an old way", lambda draft: draft.one(LIFECYCLE, "files-lifecycle").drop("rules.0.filter")),
    Mutation("one rule does both", added("personal", WHOLE)),
    Mutation(
        "the bucket of a new tenant",
        lambda draft: (
            draft.add(BUCKET, "tenant-acme-bucket", {"bucket": "acme", "tags": {"data-class": "personal"}}),
            draft.add(LIFECYCLE, "acme", {"bucket": "acme", "rules": [{**WHOLE, "expiration": {}}]}),
        ),
    ),
    Mutation("data about nobody is kept for ever", added("operational")),
    Mutation(
        "a bucket ages as it was written once",
        added("personal", {"enabled": True, "expiration": {"days": 30}, "noncurrentVersionExpiration": {"days": 30}}, inline=True),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RET-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RET-02", mutation)


def test_what_is_not_known_yet_is_decided_later() -> None:
    control = catalogue()["RET-02"]

    def verdict(store: Any, /, **lifecycle: Any) -> Verdict:
        (found,) = control.evaluate(lone(store, resource(LIFECYCLE, **lifecycle)))
        return found.verdict

    personal = resource(BUCKET, "b", bucket="b", tags={"data-class": "personal"})
    assert verdict(personal, bucket="b", rules=[WHOLE]) is Verdict.PASS
    assert verdict(personal, bucket="b", rules=UNKNOWN) is Verdict.UNDECIDED
    assert verdict(personal, bucket=UNKNOWN, rules=[WHOLE]) is Verdict.UNDECIDED
    assert verdict(personal, bucket="b", rules=[{**WHOLE, "expiration": {"days": UNKNOWN}}]) is Verdict.UNDECIDED
    assert verdict(resource(BUCKET, "b", bucket="b", tags=UNKNOWN), bucket="b", rules=[WHOLE]) is Verdict.PASS
