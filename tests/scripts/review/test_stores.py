"""Whatever of the estate holds data is known as a store."""

import re

from config.load import ROOT
from scripts.review.stores import STORES, at_stake, gravity

HOLDS = re.compile(
    r"(bucket|table|rds/instance|rds/cluster|fileSystem|queue|userPool|vault|replicationGroup|volume|logGroup|kms/key|secret):\w+$",
    re.IGNORECASE,
)
NOT_ITSELF = re.compile(r"(routeTable|subnetGroup|parameterGroup|RouteTable)")


def test_every_type_of_the_estate_that_holds_data_is_a_store() -> None:
    lines = [line.split() for path in (ROOT / "tests" / "snapshots").glob("*.txt") for line in path.read_text().splitlines()]
    types = {line[0] for line in lines if line and line[0].startswith("aws:")}
    holding = {type_ for type_ in types if HOLDS.search(type_) and not NOT_ITSELF.search(type_)}
    assert len(holding) >= 10 and not [type_ for type_ in holding if at_stake(type_) is None]
    assert {"kubernetes:core/v1:Namespace"} <= {line[0] for line in lines if line} & STORES.keys()


def test_a_replica_is_a_copy_and_less_grave_than_any_store() -> None:
    database = "aws:rds/instance:Instance"
    assert "stay in its source" in str(at_stake(database, {"replicateSourceDb": "primary"})) and at_stake(database, {}) == "its rows"
    assert (
        gravity("aws:kms/key:Key")
        < gravity(database)
        < gravity("aws:cloudwatch/logGroup:LogGroup")
        < gravity(database, {"replicateSourceDb": "x"})
    )


def test_both_names_of_a_bucket_are_one_store_and_what_only_describes_one_is_none() -> None:
    assert at_stake("aws:s3/bucketV2:BucketV2") == at_stake("aws:s3/bucket:Bucket") == STORES["aws:s3/bucket:Bucket"]
    assert at_stake("aws:s3/bucketPolicy:BucketPolicy") is None
