"""Trails against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

TRAIL = "aws:cloudtrail/trail:Trail"
ARN = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/estate"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/estate/trail:*"
ROLE = "arn:aws:iam::123456789012:role/estate-trail"
MANAGEMENT = {"name": "management", "fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]}
FILES = {
    "name": "files",
    "fieldSelectors": [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": ["AWS::S3::Object"]},
        {"field": "resources.ARN", "startsWiths": ["arn:aws:s3:::files/"]},
    ],
}
DECLARED: dict[str, Any] = {
    "name": "estate",
    "s3BucketName": "estate-trail",
    "enableLogFileValidation": True,
    "kmsKeyId": KEY,
    "cloudWatchLogsGroupArn": GROUP,
    "cloudWatchLogsRoleArn": ROLE,
    "includeGlobalServiceEvents": False,
    "advancedEventSelectors": [MANAGEMENT, FILES],
}


@pytest.fixture
def life(workbench: Workbench) -> Life:
    workbench.made("aws:s3/bucket:Bucket", bucket="estate-trail")
    return workbench.made(TRAIL, **DECLARED, insightSelectors=[{"insightType": "ApiCallRateInsight"}], tags={"owner": "platform"})


def test_a_trail_lives_as_declared(life: Life) -> None:
    cloudtrail = life.boto("cloudtrail")
    live = cloudtrail.get_trail(Name="estate")["Trail"]
    assert (live["TrailARN"], live["KmsKeyId"], live["LogFileValidationEnabled"]) == (ARN, KEY, True)
    assert (live["CloudWatchLogsLogGroupArn"], live["CloudWatchLogsRoleArn"]) == (GROUP, ROLE)
    assert (live["IncludeGlobalServiceEvents"], live["IsMultiRegionTrail"]) == (False, False)
    assert (live["HasCustomEventSelectors"], live["HasInsightSelectors"], live["HomeRegion"]) == (True, True, "eu-west-1")
    assert cloudtrail.get_trail_status(Name="estate")["IsLogging"]
    selectors = {
        each["Name"]: each["FieldSelectors"] for each in cloudtrail.get_event_selectors(TrailName="estate")["AdvancedEventSelectors"]
    }
    assert selectors["files"][2] == {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::files/"]}
    assert life.refresh() == []
    imported = life.imported()[0]
    assert (imported["s3BucketName"], imported["advancedEventSelectors"]) == ("estate-trail", [MANAGEMENT, FILES])
    assert life.replaced_by(**{**DECLARED, "name": "other"}) == {"name"}


def test_a_trail_is_changed_in_place(life: Life) -> None:
    changed = {key: value for key, value in DECLARED.items() if key not in ("kmsKeyId", "advancedEventSelectors")}
    life.update(**changed, enableLogging=False, tags={"owner": "security"})
    cloudtrail = life.boto("cloudtrail")
    live = cloudtrail.get_trail(Name="estate")["Trail"]
    assert (live["KmsKeyId"], live["HasInsightSelectors"]) == ("", False)
    assert not cloudtrail.get_trail_status(Name="estate")["IsLogging"]
    assert cloudtrail.get_event_selectors(TrailName="estate")["AdvancedEventSelectors"] == []
    tags = cloudtrail.list_tags(ResourceIdList=[ARN])["ResourceTagList"][0]["TagsList"]
    assert tags == [{"Key": "owner", "Value": "security"}]
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_drift_of_a_trail_shows_on_refresh(life: Life) -> None:
    cloudtrail = life.boto("cloudtrail")
    cloudtrail.stop_logging(Name="estate")
    cloudtrail.put_event_selectors(TrailName="estate", EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}])
    assert {"enableLogging", "advancedEventSelectors"} <= {change.path.partition("[")[0] for change in life.refresh()}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"isMultiRegionTrail": True}, "always has global events"),
        ({"cloudWatchLogsRoleArn": None}, "takes both"),
        ({"cloudWatchLogsGroupArn": GROUP.removesuffix(":*")}, "must end in"),
        ({"advancedEventSelectors": [{"name": "x", "fieldSelectors": [{"field": "eventName", "equals": ["a"]}]}]}, "eventCategory"),
        ({"eventSelectors": [{"readWriteType": "All"}]}, "give either"),
    ],
)
def test_a_trail_that_would_be_refused_is_refused(workbench: Workbench, changes: dict[str, Any], reason: str) -> None:
    inputs = {key: value for key, value in {**DECLARED, **changes}.items() if value is not None}
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(TRAIL).check(**inputs)
