"""What somebody changes behind the program's back is found by the controls in the cloud itself, while the state still passes."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from policies.evidence.layers import Difference, Kind
from policies.evidence.verdicts import Layer
from policies.graph import Graph
from policies.verdict import Verdict
from scripts.evidence.drift import Drift
from scripts.evidence.running.cloud import Cloud
from scripts.evidence.running.layer import running
from scripts.evidence.running.reader import Reader, readers
from tests.kit.policies import resource
from tests.kit.provider import Workbench
from tests.scripts.evidence.running.piece import Estate, deployed


@pytest.fixture
def estate(workbench: Workbench) -> Estate:
    return deployed(workbench)


def about(found: Drift, control: str) -> Difference:
    """The one difference that a control has; fails unless the state passes where what is running does not."""
    (difference,) = [each for each in found.found if each.control == control]
    assert difference.layers == (Layer.RUNNING,)
    return difference


def test_what_was_deployed_is_running_as_the_state_says(estate: Estate) -> None:
    found = estate.drift()
    assert not found.found
    assert found.coverage.resources == (11, 11) and found.coverage.types == (11, 11)
    assert not found.coverage.unread and not found.coverage.gone and not found.coverage.untold
    passed = [each for each in found.verdicts[1].findings if each.verdict is Verdict.PASS]
    assert {"RET-01", "RET-03", "ENC-01", "ENC-04", "ENC-07", "ENC-10", "NET-01", "NET-04", "BCK-01"} <= {each.control for each in passed}


def unblock(estate: Estate) -> None:
    estate.boto("s3").delete_public_access_block(Bucket="files")


def loosen_block(estate: Estate) -> None:
    some = {"BlockPublicAcls": True, "BlockPublicPolicy": False, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
    estate.boto("s3").put_public_access_block(Bucket="files", PublicAccessBlockConfiguration=some)


def suspend_versions(estate: Estate) -> None:
    estate.boto("s3").put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Suspended"})


def decrypt_bucket(estate: Estate) -> None:
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    estate.boto("s3").put_bucket_encryption(Bucket="files", ServerSideEncryptionConfiguration={"Rules": rules})


def open_group(estate: Estate) -> None:
    world = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    estate.boto("ec2").authorize_security_group_ingress(GroupId=estate.id_of("database-group"), IpPermissions=world)


def widen_rule(estate: Estate) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIpv4": "0.0.0.0/0"}
    changed = [{"SecurityGroupRuleId": estate.id_of("database-rule"), "SecurityGroupRule": rule}]
    estate.boto("ec2").modify_security_group_rules(GroupId=estate.id_of("database-group"), SecurityGroupRules=changed)


def publish_database(estate: Estate) -> None:
    estate.boto("rds").modify_db_instance(DBInstanceIdentifier="database", PubliclyAccessible=True, ApplyImmediately=True)


def forget_backups(estate: Estate) -> None:
    estate.boto("rds").modify_db_instance(DBInstanceIdentifier="database", BackupRetentionPeriod=0, ApplyImmediately=True)


def unguard_queue(estate: Estate) -> None:
    estate.boto("sqs").set_queue_attributes(QueueUrl=estate.id_of("jobs"), Attributes={"Policy": ""})


def decrypt_queue(estate: Estate) -> None:
    estate.boto("sqs").set_queue_attributes(QueueUrl=estate.id_of("jobs"), Attributes={"KmsMasterKeyId": "alias/aws/sqs"})


def stop_rotation(estate: Estate) -> None:
    estate.boto("kms").disable_key_rotation(KeyId=estate.id_of("key"))


ROUNDS: list[list[tuple[Callable[[Estate], None], str, str]]] = [
    [
        (unblock, "RET-01", "files"),
        (suspend_versions, "RET-03", "files"),
        (open_group, "NET-04", "database-group"),
        (publish_database, "NET-01", "database"),
        (unguard_queue, "ENC-07", "jobs"),
        (stop_rotation, "ENC-10", "key"),
    ],
    [
        (loosen_block, "RET-01", "files"),
        (decrypt_bucket, "ENC-04", "files"),
        (widen_rule, "NET-04", "database-rule"),
        (forget_backups, "BCK-01", "database"),
        (decrypt_queue, "ENC-07", "jobs"),
    ],
]


@pytest.mark.parametrize("changes", ROUNDS, ids=["removed", "loosened"])
def test_a_change_by_hand_is_drift_of_the_control_that_forbids_it(
    estate: Estate, changes: list[tuple[Callable[[Estate], None], str, str]]
) -> None:
    for change, _, _ in changes:
        change(estate)
    found = estate.drift()
    for _, control, name in changes:
        difference = about(found, control)
        assert difference.urn.endswith(f"::{name}") and difference.kind is Kind.DRIFT
        assert difference.verdicts == {Layer.STATE: Verdict.PASS, Layer.RUNNING: Verdict.VIOLATION}


def test_what_was_deleted_is_gone_and_not_judged(estate: Estate) -> None:
    estate.boto("s3").delete_bucket(Bucket="files")
    found = estate.drift()
    assert {urn.rpartition("::")[2] for urn in found.coverage.gone} == {"files", "files-block", "files-versions", "files-key"}
    assert {(each.kind, each.verdicts[Layer.RUNNING]) for each in found.found} == {(Kind.MISSING, None)}
    assert "RET-01" in {each.control for each in found.found} and "gone: " in found.text()


class Half(Cloud):
    """A cloud that refuses one question, answers two in another shape, and leaves a member out of a fourth."""

    def ask(self, service: str, region: str, operation: str, **parameters: Any) -> Any:
        if operation == "get_queue_attributes":
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetQueueAttributes")
        if operation == "get_bucket_versioning":
            return "no answer at all"
        if operation == "get_public_access_block":
            return {}
        answer = super().ask(service, region, operation, **parameters)
        if operation == "describe_db_instances":
            answer["DBInstances"][0].pop("PubliclyAccessible")
        return answer


def test_what_the_cloud_does_not_tell_stands_as_the_state_has_it_and_is_said(estate: Estate) -> None:
    unguard_queue(estate)
    suspend_versions(estate)
    publish_database(estate)
    found = estate.drift(Half(estate.boto))
    assert not found.found, "nothing is known of it"
    assert found.coverage.resources == (7, 11)
    assert {urn.rpartition("::")[2]: why for urn, why in found.coverage.unread.items()} == {
        "jobs": "aws:sqs/queue:Queue: GetQueueAttributes answers AccessDenied",
        "jobs-policy": "aws:sqs/queuePolicy:QueuePolicy: GetQueueAttributes answers AccessDenied",
        "files-block": "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock: the answer has no PublicAccessBlockConfiguration",
        "files-versions": "aws:s3/bucketVersioning:BucketVersioning: its reader failed with AttributeError",
    }
    assert list(found.coverage.untold.values()) == [("publiclyAccessible",)]
    assert "not told (1): publiclyAccessible of aws:rds/instance:Instance" in found.text()
    assert found.json().count("AccessDenied") == 2


def unasked(service: str, region: str) -> Any:
    raise AssertionError(f"{service} in {region} is not to be asked")


def test_a_resource_without_a_region_or_a_name_is_not_asked_for() -> None:
    state = Graph([resource("aws:sqs/queue:Queue", "nowhere"), resource("aws:sqs/queue:Queue", "nameless", provider_region="eu-west-1")])
    graph, coverage = running(state, Cloud(unasked))
    assert graph.resources == state.resources
    assert sorted(coverage.unread.values()) == [
        "aws:sqs/queue:Queue: the state does not know its region",
        "aws:sqs/queue:Queue: the state does not know its url or id",
    ]


def test_types_without_a_reader_are_counted_and_components_are_not() -> None:
    state = Graph([resource("aws:test/thing:Thing", "a"), resource("aws:test/thing:Thing", "b"), resource("morefocus:data:Bucket", "c")])
    coverage = running(state, Cloud(unasked))[1]
    assert (coverage.resources, coverage.types) == ((0, 2), (0, 1))
    assert coverage.without == {"aws:test/thing:Thing": 2}


def test_a_reader_that_gives_what_it_does_not_cover_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    thing = Reader(type="aws:test/thing:Thing", covers=("one",), read=lambda place, resource: {"two": 2})
    monkeypatch.setattr("scripts.evidence.running.layer.readers", lambda: {thing.type: thing})
    state = Graph([resource(thing.type, provider_region="eu-west-1", two=1)])
    graph, coverage = running(state, Cloud(unasked))
    assert graph.resources == state.resources and "gives two, which it does not cover" in next(iter(coverage.unread.values()))


def test_every_reader_is_found_by_its_file() -> None:
    assert len(readers()) > 90
    assert {"aws:s3/bucket:Bucket", "aws:rds/instance:Instance", "aws:iam/role:Role"} <= readers().keys()
