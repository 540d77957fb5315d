import pytest

from components.identity.access_analyzer import AccessAnalyzer, AccessAnalyzerArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

ANALYZER = "aws:accessanalyzer/analyzer:Analyzer"


def graph(**args: int) -> Graph:
    return record(lambda: AccessAnalyzer("access-analyzer", a_context(), AccessAnalyzerArgs(**args)))


def test_what_outsiders_can_reach_is_always_looked_for() -> None:
    analyzer = graph().one(ANALYZER).inputs
    assert (analyzer["analyzerName"], analyzer["type"]) == ("morefocus-prod-use1-access-analyzer-outsiders", "ACCOUNT")


def test_unused_access_is_looked_for_only_where_asked() -> None:
    unused = graph(unused_days=90).one(ANALYZER, "access-analyzer-unused").inputs
    assert unused["type"] == "ACCOUNT_UNUSED_ACCESS"
    assert unused["configuration"] == {"unusedAccess": {"unusedAccessAge": 90}}


@pytest.mark.parametrize("days", [0, 366])
def test_days_outside_of_what_the_service_allows_are_refused(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 365"):
        AccessAnalyzerArgs(unused_days=days)
