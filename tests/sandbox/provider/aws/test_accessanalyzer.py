"""Access analyzers against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

ANALYZER = "aws:accessanalyzer/analyzer:Analyzer"
UNUSED = "ACCOUNT_UNUSED_ACCESS"


def test_an_analyzer_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(ANALYZER)
    arn = "arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/outsiders"
    assert life.preview(analyzerName="outsiders")["arn"] == arn

    life.create(analyzerName="outsiders", tags={"owner": "platform"})
    client = life.boto("accessanalyzer")
    found = client.get_analyzer(analyzerName="outsiders")["analyzer"]
    assert (found["arn"], found["type"], found["status"], found["tags"]) == (arn, "ACCOUNT", "ACTIVE", {"owner": "platform"})
    assert life.refresh() == []

    life.update(analyzerName="outsiders", tags={"environment": "production"})
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {"environment": "production"}
    assert life.refresh() == []

    life.delete()
    assert life.gone()
    assert client.list_analyzers()["analyzers"] == []


def test_the_days_of_unused_access_change_in_place(workbench: Workbench) -> None:
    life = workbench.made(ANALYZER, analyzerName="unused", type=UNUSED, configuration={"unusedAccess": {"unusedAccessAge": 90}})
    client = life.boto("accessanalyzer")
    assert client.get_analyzer(analyzerName="unused")["analyzer"]["configuration"] == {"unusedAccess": {"unusedAccessAge": 90}}
    assert life.refresh() == []
    life.update(analyzerName="unused", type=UNUSED, configuration={"unusedAccess": {"unusedAccessAge": 30}})
    assert client.get_analyzer(analyzerName="unused")["analyzer"]["configuration"] == {"unusedAccess": {"unusedAccessAge": 30}}
    assert life.refresh() == []


def test_days_changed_by_hand_show_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(ANALYZER, analyzerName="unused", type=UNUSED, configuration={"unusedAccess": {"unusedAccessAge": 90}})
    client = life.boto("accessanalyzer")
    client.update_analyzer(analyzerName="unused", configuration={"unusedAccess": {"unusedAccessAge": 365}})
    assert [change.path.split(".")[0] for change in life.refresh()] == ["configuration"]


def test_a_region_has_one_analyzer_of_each_type(workbench: Workbench) -> None:
    life = workbench.made(ANALYZER, analyzerName="outsiders")
    workbench.made(ANALYZER, logical="other", analyzerName="unused", type=UNUSED)
    workbench.made(ANALYZER, region="sa-east-1", logical="elsewhere", analyzerName="outsiders")
    with pytest.raises(Exception, match="ServiceQuotaExceeded"):
        workbench.made(ANALYZER, logical="second", analyzerName="more")
    assert {each["name"] for each in life.boto("accessanalyzer").list_analyzers()["analyzers"]} == {"outsiders", "unused"}
    assert [each["name"] for each in life.boto("accessanalyzer").list_analyzers(type=UNUSED)["analyzers"]] == ["unused"]


def test_name_and_type_replace_an_analyzer(workbench: Workbench) -> None:
    life = workbench.made(ANALYZER, analyzerName="outsiders")
    assert life.replaced_by(analyzerName="others", type=UNUSED) == {"analyzerName", "type"}


def test_an_analyzer_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(ANALYZER, analyzerName="outsiders", tags={"owner": "platform"})
    inputs, _ = life.imported()
    assert (inputs["analyzerName"], inputs["type"], inputs["tags"]) == ("outsiders", "ACCOUNT", {"owner": "platform"})


def test_a_type_that_does_not_exist_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="type"):
        workbench.life(ANALYZER).check(analyzerName="outsiders", type="EVERYTHING")
