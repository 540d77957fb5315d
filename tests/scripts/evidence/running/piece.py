"""A piece of an estate that the sandbox's provider deploys to an emulated cloud, with the state that the engine would keep of it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

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

OWNER = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}],
    }
)
"""What a key's policy says that leaves it to the account."""


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

    def drift(self, cloud: Cloud | None = None) -> Drift:
        """How the state and the cloud differ; `cloud` stands between the two."""
        return drift(json.loads(json.dumps(self.state())), REGION, TODAY, cloud or Cloud(self.boto))

    def boto(self, service: str, region: str = REGION) -> Any:
        return self.lives[0].boto(service, region)

    def id_of(self, name: str) -> str:
        return next(life.id for life in self.lives if life.name == name)


def deployed(bench: Workbench) -> Estate:
    """A bucket, a queue and a database, with all that the controls ask of them."""
    made = Estate(bench)
    key = made.make("aws:kms/key:Key", "key", enableKeyRotation=True, policy=OWNER, tags=TAGS).outputs["arn"]
    storage(made, key)
    messages(made, key)
    network(made, key)
    return made


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
