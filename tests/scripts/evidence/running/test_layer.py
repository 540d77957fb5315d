"""What somebody changes behind the program's back is found by the controls in the cloud itself, while the state still passes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from policies.evidence.layers import Difference, Kind
from policies.evidence.verdicts import Layer
from policies.verdict import Verdict
from scripts.evidence.drift import Drift, drift
from scripts.evidence.running.cloud import Cloud
from tests.kit.provider import Life, Workbench

REGION = "eu-west-1"
TODAY = datetime.now(UTC).date()
PROVIDER = f"urn:pulumi:{REGION}::morefocus::pulumi:providers:aws::default"
TAGS = {
    "owner": "platform",
    "environment": "production",
    "region": REGION,
    "jurisdiction": "GDPR",
    "data-class": "personal",
    "cost-centre": "platform",
}


def tls_only(service: str, arn: str) -> str:
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": f"{service}:*", "Resource": [arn, f"{arn}/*"]}
    condition = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    return json.dumps({"Version": "2012-10-17", "Statement": [deny | condition]})


@dataclass
class Estate:
    """A piece of an estate that the sandbox's provider deployed, with the state that the engine would keep of it."""

    bench: Workbench
    lives: list[Life] = field(default_factory=list)

    def make(self, token: str, logical: str, /, **inputs: Any) -> Life:
        life = self.bench.made(token, logical=logical, **inputs)
        self.lives.append(life)
        return life

    def state(self) -> dict[str, Any]:
        provider = {"urn": PROVIDER, "type": "pulumi:providers:aws", "id": "p", "inputs": {"region": REGION}}
        rows = [
            {
                "urn": life.urn.replace("urn:pulumi:test::", f"urn:pulumi:{REGION}::"),
                "type": life.token,
                "id": life.id,
                "custom": True,
                "protect": True,
                "provider": f"{PROVIDER}::p",
                "inputs": life.inputs,
                "outputs": life.outputs,
            }
            for life in self.lives
        ]
        return {"version": 3, "deployment": {"resources": [provider, *rows]}}

    def drift(self) -> Drift:
        return drift(json.loads(json.dumps(self.state())), REGION, TODAY, Cloud(self.boto))

    def boto(self, service: str, region: str = REGION) -> Any:
        return self.lives[0].boto(service, region)

    def id_of(self, name: str) -> str:
        return next(life.id for life in self.lives if life.name == name)


@pytest.fixture
def estate(workbench: Workbench) -> Iterator[Estate]:
    made = Estate(workbench)
    key = made.make("aws:kms/key:Key", "key", enableKeyRotation=True, tags=TAGS).outputs["arn"]
    storage(made, key)
    messages(made, key)
    network(made, key)
    yield made


def storage(made: Estate, key: str) -> None:
    switches = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)
    default = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}, "bucketKeyEnabled": True}
    made.make("aws:s3/bucket:Bucket", "files", bucket="files", tags=TAGS)
    made.make("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "files-block", bucket="files", **switches)
    made.make("aws:s3/bucketVersioning:BucketVersioning", "files-versions", bucket="files", versioningConfiguration={"status": "Enabled"})
    made.make(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "files-key",
        bucket="files",
        rules=[default],
    )


def messages(made: Estate, key: str) -> None:
    queue = made.make("aws:sqs/queue:Queue", "jobs", name="jobs", kmsMasterKeyId=key, tags=TAGS)
    made.make("aws:sqs/queuePolicy:QueuePolicy", "jobs-policy", queueUrl=queue.id, policy=tls_only("sqs", queue.outputs["arn"]))


def network(made: Estate, key: str) -> None:
    vpc = made.make("aws:ec2/vpc:Vpc", "vpc", cidrBlock="10.0.0.0/16", tags=TAGS).id
    group = made.make("aws:ec2/securityGroup:SecurityGroup", "database-group", vpcId=vpc, description="database", tags=TAGS).id
    rule = {"securityGroupId": group, "ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432, "cidrIpv4": "10.0.1.0/24", "tags": TAGS}
    made.make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "database-rule", **rule)
    made.make(
        "aws:rds/instance:Instance",
        "database",
        identifier="database",
        engine="postgres",
        engineVersion="17.4",
        instanceClass="db.r6g.large",
        allocatedStorage=100,
        username="owner",
        manageMasterUserPassword=True,
        storageEncrypted=True,
        kmsKeyId=key,
        publiclyAccessible=False,
        multiAz=True,
        backupRetentionPeriod=30,
        copyTagsToSnapshot=True,
        deletionProtection=True,
        skipFinalSnapshot=False,
        finalSnapshotIdentifier="last",
        tags=TAGS,
    )


def about(found: Drift, control: str) -> Difference:
    """The one difference that a control has; fails unless the state passes where what is running does not."""
    (difference,) = [each for each in found.found if each.control == control]
    assert difference.layers == (Layer.RUNNING,)
    return difference


def test_what_was_deployed_is_running_as_the_state_says(estate: Estate) -> None:
    found = estate.drift()
    assert found.differences == []
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


BY_HAND: list[tuple[Callable[[Estate], None], str, str]] = [
    (unblock, "RET-01", "files"),
    (loosen_block, "RET-01", "files"),
    (suspend_versions, "RET-03", "files"),
    (decrypt_bucket, "ENC-04", "files"),
    (open_group, "NET-04", "database-group"),
    (widen_rule, "NET-04", "database-rule"),
    (publish_database, "NET-01", "database"),
    (forget_backups, "BCK-01", "database"),
    (unguard_queue, "ENC-07", "jobs"),
    (decrypt_queue, "ENC-07", "jobs"),
    (stop_rotation, "ENC-10", "key"),
]


@pytest.mark.parametrize(("change", "control", "name"), BY_HAND, ids=lambda each: getattr(each, "__name__", str(each)))
def test_a_change_by_hand_is_drift_of_the_control_that_forbids_it(
    estate: Estate, change: Callable[[Estate], None], control: str, name: str
) -> None:
    change(estate)
    difference = about(estate.drift(), control)
    assert difference.urn.endswith(f"::{name}") and difference.kind is Kind.DRIFT
    assert difference.verdicts == {Layer.STATE: Verdict.PASS, Layer.RUNNING: Verdict.VIOLATION}
