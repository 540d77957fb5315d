"""The whole estate is running as its states say, as far as the controls can tell; and where it is not, they say so."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from policies.evidence.layers import Kind
from policies.evidence.verdicts import Layer
from policies.verdict import Verdict
from scripts.evidence.drift import Drift, drift
from scripts.evidence.running.cloud import Cloud, connect
from tests.kit.estate import REGIONS, Estate

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("estate")]

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def compared(estate: Estate, region: str, monkeypatch: pytest.MonkeyPatch) -> Drift:
    monkeypatch.setenv("AWS_ENDPOINT_URL", estate.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    state = {"deployment": {"resources": estate.states[region]}}
    return drift(state, region, datetime.now(UTC).date(), Cloud(cache(connect)))


@pytest.mark.parametrize("region", REGIONS)
def test_what_is_running_is_judged_as_the_state_is(estate: Estate, region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = compared(estate, region, monkeypatch)
    assert not found.found, found.text()
    assert not found.coverage.unread and not found.coverage.gone and not found.coverage.untold and not found.coverage.unmanaged
    of_aws = {type_: count for type_, count in found.coverage.without.items() if type_.startswith("aws:")}
    read = found.coverage.resources[0]
    assert read > 2 * sum(of_aws.values()), "most of what stands in AWS is read"


def test_a_bucket_that_somebody_unblocks_is_found_while_its_state_passes(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = [row for row in estate.states["eu-west-1"] if row["type"] == BLOCK and row["urn"].endswith("::files-public-access")]
    s3: Any = estate.boto("s3", "eu-west-1")
    bucket = block["outputs"]["bucket"]
    kept = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    s3.delete_public_access_block(Bucket=bucket)
    try:
        found = compared(estate, "eu-west-1", monkeypatch)
    finally:
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=kept)
    assert found.coverage.gone == (block["urn"],)
    (difference,) = [each for each in found.found if each.control == "RET-01"]
    assert difference.verdicts == {Layer.STATE: Verdict.PASS, Layer.RUNNING: Verdict.VIOLATION}
    assert difference.kind is Kind.DRIFT and difference.urn.endswith("::files-bucket")
