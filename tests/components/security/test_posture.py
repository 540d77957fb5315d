import inspect
from typing import Any

import pytest

from components.security.posture import STANDARDS, Posture, PostureArgs
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record
from tests.kit.sdk import resource_class

STANDARD = "aws:securityhub/standardsSubscription:StandardsSubscription"
AGGREGATOR = "aws:securityhub/findingAggregator:FindingAggregator"


def posture(region: Region = Region.SA_EAST_1, **more: Any) -> Graph:
    return record(lambda: Posture("posture", a_context(region), PostureArgs(**more)))


def test_the_account_is_judged_by_the_standards_named_and_by_no_default_ones() -> None:
    graph = posture(standards=("cis", "pci-dss"))
    assert graph.one("aws:securityhub/account:Account").inputs["enableDefaultStandards"] is False
    assert [each.inputs["standardsArn"] for each in graph.of_type(STANDARD)] == [
        "arn:aws:securityhub:sa-east-1::standards/cis-aws-foundations-benchmark/v/3.0.0",
        "arn:aws:securityhub:sa-east-1::standards/pci-dss/v/4.0.1",
    ]


def test_a_standard_waits_for_the_account() -> None:
    graph = posture()
    account = graph.one("aws:securityhub/account:Account").urn
    assert len(graph.of_type(STANDARD)) == 3
    assert all(account in each.depends_on for each in graph.of_type(STANDARD))


@pytest.mark.parametrize("path", STANDARDS.values())
def test_every_standard_is_one_that_the_provider_documents(path: str) -> None:
    assert f"::standards/{path}`" in inspect.getsource(resource_class(STANDARD))


def test_findings_stay_in_their_region_unless_some_are_named() -> None:
    assert not posture().of_type(AGGREGATOR)
    gathered = posture(region=Region.US_EAST_1, findings_of=(Region.US_EAST_2,)).one(AGGREGATOR).inputs
    assert (gathered["linkingMode"], gathered["specifiedRegions"]) == ("SPECIFIED_REGIONS", ["us-east-2"])


def test_an_unknown_standard_is_refused() -> None:
    with pytest.raises(ValueError, match=r"standards must be of .*cis.*\(got soc2\)"):
        PostureArgs(standards=("soc2",))
