from collections.abc import Callable
from dataclasses import replace

import pytest

from components.data.bucket import Bucket, BucketArgs, ObjectLock, lifecycle_rules
from components.data.bucket_statements import bucket_arn, distribution_reads
from config.vocabulary import DataClass
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed, denied
from tests.kit.recorder import Graph, record

KEY = "arn:aws:kms:us-east-1:123456789012:key/personal"
ARGS = BucketArgs(data_class=DataClass.PERSONAL, key_arn=KEY, log_bucket="the-log-bucket")
LOG_BUCKET = BucketArgs(data_class=DataClass.LOGS, key_arn=None, log_bucket=None, tiered=False, expire_after_days=365)
EVERY_KIND = [ARGS, LOG_BUCKET, replace(ARGS, object_lock=ObjectLock(mode="COMPLIANCE", days=30), archive_after_days=90)]


def _graph(args: BucketArgs = ARGS, *, preview: bool = False) -> Graph:
    return record(lambda: Bucket("files", a_context(), args), preview=preview)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


@pytest.mark.parametrize("args", EVERY_KIND)
def test_no_bucket_can_be_public_by_acl_or_policy(args: BucketArgs) -> None:
    graph = _graph(args)
    block = graph.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(block[switch] is True for switch in switches)
    assert graph.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


@pytest.mark.parametrize("args", EVERY_KIND)
@pytest.mark.parametrize("context", [{"aws:SecureTransport": "false"}, {"aws:SecureTransport": "true", "s3:TlsVersion": "1.0"}])
def test_every_bucket_denies_what_is_not_modern_tls(args: BucketArgs, context: dict[str, str]) -> None:
    policy = _graph(args).one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"]
    owner = f"arn:aws:iam::{ACCOUNT}:root"
    arn = "arn:aws:s3:::morefocus-prod-use1-files"
    for resource in (arn, f"{arn}/key"):
        assert denied(policy, Request(action="s3:GetObject", resource=resource, principal=owner, context=context))


@pytest.mark.parametrize("args", EVERY_KIND)
def test_every_bucket_is_versioned_and_never_emptied_by_a_deletion(args: BucketArgs) -> None:
    graph = _graph(args)
    assert graph.one("aws:s3/bucketVersioning:BucketVersioning").inputs["versioningConfiguration"] == {"status": "Enabled"}
    assert graph.one("aws:s3/bucket:Bucket").inputs["forceDestroy"] is False
    assert graph.one("aws:s3/bucket:Bucket").protect


def test_objects_are_encrypted_by_the_given_key_with_a_bucket_key(graph: Graph) -> None:
    (rule,) = graph.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}
    assert rule["bucketKeyEnabled"] is True
    assert rule["blockedEncryptionTypes"] == ["SSE-C"]


def test_a_bucket_for_access_logs_is_encrypted_by_s3_itself() -> None:
    graph = _graph(LOG_BUCKET)
    (rule,) = graph.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert not graph.of_type("aws:s3/bucketLogging:BucketLogging")


def test_its_own_access_is_logged_under_its_own_name(graph: Graph) -> None:
    logging = graph.one("aws:s3/bucketLogging:BucketLogging").inputs
    assert logging["targetBucket"] == "the-log-bucket"
    assert logging["targetPrefix"] == "buckets/morefocus-prod-use1-files/"


def test_objects_tier_by_themselves_and_leftovers_go() -> None:
    tidy, tier = lifecycle_rules(ARGS)
    assert tidy["abort_incomplete_multipart_upload"] == {"days_after_initiation": 7}
    assert tidy["noncurrent_version_expiration"] == {"noncurrent_days": 90}
    assert tier["transitions"] == [{"days": 0, "storage_class": "INTELLIGENT_TIERING"}]


def test_objects_expire_only_where_it_is_said() -> None:
    assert [rule["id"] for rule in lifecycle_rules(ARGS)] == ["tidy", "tier"]
    expire = lifecycle_rules(LOG_BUCKET)[-1]
    assert expire["expiration"] == {"days": 365}


@pytest.mark.parametrize("args", EVERY_KIND)
def test_each_lifecycle_rule_is_on_has_one_name_and_holds_for_the_whole_bucket(args: BucketArgs) -> None:
    rules = _graph(args).one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["status"] == "Enabled" and rule["filter"] == {"prefix": ""} for rule in rules)


def test_backups_go_to_the_archive_tier_when_nobody_reads_them(graph: Graph) -> None:
    type_ = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"
    assert not graph.of_type(type_)
    archived = _graph(replace(ARGS, archive_after_days=90)).one(type_).inputs
    assert archived["status"] == "Enabled"
    assert archived["tierings"] == [{"accessTier": "ARCHIVE_ACCESS", "days": 90}]


def test_locked_objects_outlive_whoever_wants_to_delete_them() -> None:
    graph = _graph(replace(ARGS, object_lock=ObjectLock(mode="COMPLIANCE", days=30)))
    assert graph.one("aws:s3/bucket:Bucket").inputs["objectLockEnabled"] is True
    lock = graph.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").inputs
    assert lock["rule"] == {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}


def test_grants_stand_beside_the_denials() -> None:
    context = a_context()
    distribution = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"
    arn = bucket_arn(context, "files")
    policy = (
        _graph(replace(ARGS, statements=distribution_reads(arn, distribution))).one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"]
    )
    facts = {"aws:SourceArn": distribution, "aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
    request = Request(action="s3:GetObject", resource=f"{arn}/a", principal="cloudfront.amazonaws.com", context=facts)
    assert allowed(policy, request)
    assert not allowed(policy, replace(request, context={**facts, "aws:SecureTransport": "false"}))


def test_its_name_is_an_address_known_at_preview() -> None:
    graph = _graph(preview=True)
    assert graph.one("aws:s3/bucket:Bucket").inputs["bucket"] == "morefocus-prod-use1-files"
    published = graph.outputs_of(graph.one("morefocus:data:Bucket"))
    assert (published["name"], published["arn"]) == ("morefocus-prod-use1-files", "arn:aws:s3:::morefocus-prod-use1-files")


def test_whoever_takes_the_name_waits_for_the_policy() -> None:
    from pulumi_aws.s3.bucket_logging import BucketLogging

    def program() -> None:
        logs = Bucket("logs", a_context(), LOG_BUCKET)
        BucketLogging("writer", bucket="another", target_bucket=logs.name, target_prefix="x/")

    graph = record(program)
    policy = graph.one("aws:s3/bucketPolicy:BucketPolicy")
    assert policy.urn in graph.named("writer").depends_on


def test_the_policy_waits_until_the_public_is_shut_out(graph: Graph) -> None:
    block = graph.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    assert block.urn in graph.one("aws:s3/bucketPolicy:BucketPolicy").depends_on


def test_tags_say_what_it_holds_and_whose_it_is() -> None:
    tags = _graph(replace(ARGS, tenant="tenant-a")).one("aws:s3/bucket:Bucket").inputs["tags"]
    assert (tags["data-class"], tags["tenant"]) == ("personal", "tenant-a")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, archive_after_days=30), r"archive_after_days must be 90 to 730.*\(got 30, tiered=True\)"),
        (lambda args: replace(args, archive_after_days=90, tiered=False), r"of a tiered bucket \(got 90, tiered=False\)"),
        (lambda args: replace(args, noncurrent_days=0), r"noncurrent_days must be at least 1 \(got 0\)"),
        (lambda args: replace(args, expire_after_days=0), r"expire_after_days must be at least 1 \(got 0\)"),
        (
            lambda args: replace(args, expire_after_days=7, object_lock=ObjectLock(mode="GOVERNANCE", days=30)),
            "expire_after_days 7 is sooner than object_lock allows; give at least 30",
        ),
        (lambda args: replace(args, object_lock=ObjectLock(mode="GOVERNANCE", days=0)), r"at least 1 \(got 0\)"),
        (lambda args: replace(args, object_lock=ObjectLock(mode="FOREVER", days=1)), r"GOVERNANCE or COMPLIANCE \(got 'FOREVER'\)"),  # type: ignore[arg-type]
    ],
)
def test_what_s3_would_refuse_is_refused_at_once(change: Callable[[BucketArgs], BucketArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)
