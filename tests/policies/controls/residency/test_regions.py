"""Resources that stand where their data may not be."""

from datetime import date
from typing import Any

import pytest

from config.transfers import TransferRegister
from policies.catalogue import catalogue
from policies.controls.residency import _register
from policies.values import ABSENT, UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource, violations

BUCKET, ROUTE = "aws:s3/bucket:Bucket", "aws:ec2transitgateway/route:Route"
VERSIONING, TABLE = "aws:s3/bucketVersioning:BucketVersioning", "aws:ec2/routeTable:RouteTable"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
DELIVERY = "aws:cfg/deliveryChannel:DeliveryChannel"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def group_beside_a_copy(draft: Draft) -> None:
    tags = {"data-class": "logs"}
    draft.add(LOG_GROUP, "copied", {"region": "eu-central-1", "name": "copied", "tags": tags}, provider_region="eu-west-1")


def of_the_world(draft: Draft) -> None:
    for type_ in (
        "iam/role:Role",
        "cloudfront/function:Function",
        "organizations/policy:Policy",
        "route53/zone:Zone",
        "budgets/budget:Budget",
    ):
        draft.add(f"aws:{type_}", "another", {"region": "us-west-2"}, provider_region="eu-west-1")
    draft.add("aws:shield/protection:Protection", "another", {"region": "us-west-2"}, provider_region="eu-west-1")


CAUGHT = [
    Mutation("files of Europe are in the United States", lambda draft: draft.one(BUCKET, "files-bucket").set("region", "us-west-2")),
    Mutation("a copy moves on to another region", lambda draft: draft.one(BUCKET, "euc1-files-bucket").set("region", "ap-southeast-2")),
    Mutation("a region is none", lambda draft: draft.one(BUCKET, "files-bucket").set("region", "eu-nowhere-1")),
    Mutation(
        "a provider stands elsewhere",
        lambda draft: draft.add("aws:ec2/subnet:Subnet", "far", {"availabilityZone": "us-west-2a"}, provider_region="eu-west-1"),
    ),
    Mutation("a copy says nothing of what it holds", lambda draft: draft.one(BUCKET, "euc1-files-bucket").drop("tags")),
    Mutation(
        "a copy holds what is no class", lambda draft: draft.one(BUCKET, "euc1-files-bucket").properties["tags"].update({"data-class": "x"})
    ),
    Mutation(
        "a store without a tag stands where operational data may be",
        lambda draft: draft.add("aws:ec2/subnet:Subnet", "far", {"region": "us-east-1"}, provider_region="eu-west-1"),
    ),
    Mutation(
        "what has no tags belongs to nothing that stands there",
        lambda draft: draft.add(DELIVERY, "far", {"region": "eu-central-1"}, provider_region="eu-west-1"),
    ),
    Mutation(
        "logs of nothing lawful are in the United States",
        lambda draft: draft.add(LOG_GROUP, "far", {"region": "us-east-1", "tags": {"data-class": "logs"}}, provider_region="eu-west-1"),
    ),
]
SPARED = [
    Mutation("a region is named that is its own", lambda draft: draft.one(BUCKET, "files-bucket").set("region", "eu-west-1")),
    Mutation("a copy is in a region of the register", lambda draft: draft.one(BUCKET, "files-bucket").set("region", "eu-central-1")),
    Mutation("what is one for the world stands nowhere", of_the_world),
    Mutation(
        "operational data is in the hub's region",
        lambda draft: draft.add(TABLE, "far", {"region": "us-east-1", "tags": {"data-class": "operational"}}, provider_region="eu-west-1"),
    ),
    Mutation("a copy writes logs beside itself", group_beside_a_copy),
    Mutation(
        "the tags are those of the provider",
        lambda draft: draft.add(
            TABLE, "far", {"region": "eu-central-1", "tagsAll": {"data-class": "personal"}}, provider_region="eu-west-1"
        ),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RES-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RES-01", mutation)


def test_a_part_of_something_abroad_holds_what_that_holds() -> None:
    def found(data: str, **part: object) -> list[str]:
        bucket = resource(BUCKET, "b", bucket="b", region="us-east-1", tags={"data-class": data}, provider_region="eu-west-1")
        versions = resource(VERSIONING, "v", region="us-east-1", provider_region="eu-west-1", **part)
        return [finding.urn.rpartition("::")[2] for finding in violations("RES-01", lone(bucket, versions))]

    assert found("operational", bucket="b") == []
    assert found("personal", bucket="b") == ["b", "v"]
    assert found("operational", bucket="another") == ["v"]
    accepter = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
    joined = resource(accepter, "joined", region="us-east-1", tags={"data-class": "operational"}, provider_region="eu-west-1")
    links = {"transitGatewayAttachmentId": (joined.urn,)}
    route = resource(
        ROUTE, transitGatewayAttachmentId=UNKNOWN, region="us-east-1", provider_region="eu-west-1", property_dependencies=links
    )
    assert {finding.verdict for finding in catalogue()["RES-01"].evaluate(lone(resource(BUCKET), joined, route))} == {Verdict.PASS}
    others = [resource(BUCKET, data, tags={"data-class": data}) for data in ("operational", "personal")]
    either_of = {"bucket": tuple(other.urn for other in others)}
    either = resource(VERSIONING, bucket=UNKNOWN, region="us-east-1", provider_region="eu-west-1", property_dependencies=either_of)
    assert violations("RES-01", lone(*others, either)), "one of the two may not be there"


def test_what_is_not_known_yet_is_decided_later() -> None:
    def verdict(type_: str = BUCKET, **given: Any) -> Verdict:
        thing = resource(type_, "b", **{"provider_region": "eu-west-1", "tags": {"data-class": "personal"}, **given})
        others = [resource("aws:sqs/queue:Queue", "q", provider_region="eu-west-1")]
        return {finding.urn: finding.verdict for finding in catalogue()["RES-01"].evaluate(lone(thing, *others))}[thing.urn]

    assert verdict(provider_region=ABSENT) is Verdict.PASS, "what says no region stands where its stack does"
    assert verdict(region=UNKNOWN) is Verdict.UNDECIDED
    assert verdict(region="us-east-1", tags=UNKNOWN) is Verdict.UNDECIDED
    assert verdict(region="eu-central-1", provider_region=UNKNOWN) is Verdict.UNDECIDED
    assert verdict(LOCK, backupVaultName=UNKNOWN, region="eu-central-1", tags={}) is Verdict.UNDECIDED


def test_a_row_that_has_expired_permits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"data": "personal", "from": "eu-west-1", "to": "us-east-1", "mechanism": "scc", "document": "c-1", "expires": "2026-06-30"}
    rows = TransferRegister.model_validate({"transfers": [row]})
    monkeypatch.setattr(_register, "register", lambda: rows)
    assert _register.lawful("personal", "eu-west-1", "us-east-1", date(2026, 6, 30)) is True
    assert _register.lawful("personal", "eu-west-1", "us-east-1", date(2026, 7, 1)) is False
    assert _register.lawful("credentials", "eu-west-1", "us-east-1", date(2026, 6, 30)) is False
    assert _register.lawful("personal", "us-east-1", "eu-west-1", date(2026, 6, 30)) is False, "a row is for one direction"
    assert _register.lawful(ABSENT, "eu-west-1", "eu-west-1") is True, "what stays needs no row, whatever it is"
    assert _register.lawful("personal", "", "") is False and _register.lawful("personal", "eu-west-1", "moon-1") is False
    assert _register.lawful("personal", "eu-west-1", ABSENT) is None and _register.lawful(UNKNOWN, "eu-west-1", "us-east-1") is None


def test_logs_have_a_row_of_their_own_or_the_ground_of_what_they_tell_about(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(data: str) -> bool:
        row = {"data": data, "from": "eu-west-1", "to": "us-east-1", "mechanism": "scc", "document": "c-1"}
        rows = TransferRegister.model_validate({"transfers": [row]})
        monkeypatch.setattr(_register, "register", lambda: rows)
        group = resource(LOG_GROUP, region="us-east-1", tags={"data-class": "logs"}, provider_region="eu-west-1")
        return bool(violations("RES-01", lone(group)))

    assert not wrong("logs") and not wrong("personal") and wrong("credentials")
