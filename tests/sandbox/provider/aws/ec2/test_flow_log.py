"""Flow logs against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_INTERFACE, NO_VPC, OTHER_TAGS, TAGS, a_subnet, a_vpc, tags_of

FLOW_LOG = "aws:ec2/flowLog:FlowLog"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/estate/flow"
ROLE = "arn:aws:iam::123456789012:role/flow"
TO_LOGS: dict[str, Any] = {"logDestination": GROUP, "iamRoleArn": ROLE, "trafficType": "ALL"}


def told(life: Life) -> dict[str, Any]:
    return dict(life.boto("ec2").describe_flow_logs(FlowLogIds=[life.id])["FlowLogs"][0])


def test_a_flow_log_lives_as_declared(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.life(FLOW_LOG)
    life.boto("logs").create_log_group(logGroupName="/estate/flow")
    declared = {"vpcId": vpc, **TO_LOGS, "maxAggregationInterval": 60}
    assert life.preview(**declared)["logFormat"].startswith("${version} ${account-id}")
    life.create(**declared, tags=TAGS)
    log = told(life)
    assert (log["ResourceId"], log["TrafficType"], log["MaxAggregationInterval"]) == (vpc, "ALL", 60)
    assert (log["LogDestination"], log["DeliverLogsPermissionArn"]) == (GROUP, ROLE)
    assert log["DeliverLogsStatus"] == "SUCCESS"
    assert life.outputs["logFormat"] == log["LogFormat"]
    assert life.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:vpc-flow-log/{life.id}"
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    life.update(**declared, tags=OTHER_TAGS)
    assert tags_of(life) == OTHER_TAGS
    life.delete()
    assert life.gone()


def test_the_arn_of_all_streams_means_the_group(workbench: Workbench) -> None:
    life = workbench.life(FLOW_LOG)
    life.boto("logs").create_log_group(logGroupName="/estate/flow")
    life.create(vpcId=a_vpc(workbench).id, **{**TO_LOGS, "logDestination": f"{GROUP}:*"})
    assert told(life)["DeliverLogsStatus"] == "SUCCESS"
    assert life.refresh() == []


def test_a_flow_log_goes_to_a_folder_of_a_bucket(workbench: Workbench) -> None:
    subnet = a_subnet(workbench, a_vpc(workbench).id).id
    life = workbench.life(FLOW_LOG)
    life.boto("s3", "us-east-1").create_bucket(Bucket="estate-flow")
    life.create(
        subnetId=subnet,
        trafficType="REJECT",
        logDestinationType="s3",
        logDestination="arn:aws:s3:::estate-flow/vpc/",
        destinationOptions={"fileFormat": "parquet", "hiveCompatiblePartitions": True},
        logFormat="${srcaddr} ${dstaddr}",
    )
    log = told(life)
    assert (log["ResourceId"], log["LogDestinationType"], log["LogFormat"]) == (subnet, "s3", "${srcaddr} ${dstaddr}")
    assert log["LogDestination"] == "arn:aws:s3:::estate-flow/vpc/"
    assert log["DestinationOptions"] == {"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": False}
    assert life.refresh() == []
    assert life.imported()[0]["destinationOptions"]["fileFormat"] == "parquet"


def test_a_flow_log_to_a_bucket_that_is_not_there_fails(workbench: Workbench) -> None:
    with pytest.raises(HandlerError, match="nowhere"):
        workbench.made(
            FLOW_LOG, vpcId=a_vpc(workbench).id, trafficType="ALL", logDestinationType="s3", logDestination="arn:aws:s3:::nowhere"
        )


def test_every_change_but_tags_replaces_a_flow_log(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(FLOW_LOG, vpcId=vpc, **TO_LOGS)
    assert life.replaced_by(vpcId=NO_VPC, **TO_LOGS) == {"vpcId"}
    assert life.replaced_by(vpcId=vpc, **{**TO_LOGS, "trafficType": "REJECT"}, maxAggregationInterval=60) == {
        "trafficType",
        "maxAggregationInterval",
    }


def test_a_flow_log_can_be_imported(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    inputs, _ = workbench.made(FLOW_LOG, vpcId=vpc, **TO_LOGS, tags=TAGS).imported()
    assert {name: inputs[name] for name in ("vpcId", "tags", *TO_LOGS)} == {"vpcId": vpc, "tags": TAGS, **TO_LOGS}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({**TO_LOGS}, "vpcId"),
        ({**TO_LOGS, "vpcId": NO_VPC, "eniId": NO_INTERFACE}, "eniId"),
        ({**TO_LOGS, "vpcId": NO_VPC, "maxAggregationInterval": 300}, "maxAggregationInterval"),
        ({**TO_LOGS, "vpcId": NO_VPC, "trafficType": "SOME"}, "trafficType"),
        ({"vpcId": NO_VPC, "logDestination": GROUP, "iamRoleArn": ROLE}, "trafficType"),
        ({"vpcId": NO_VPC, "logDestination": GROUP, "trafficType": "ALL"}, "iamRoleArn"),
        ({"vpcId": NO_VPC, "iamRoleArn": ROLE, "trafficType": "ALL"}, "logDestination"),
        ({**TO_LOGS, "vpcId": NO_VPC, "logDestinationType": "paper"}, "logDestinationType"),
    ],
)
def test_flow_logs_that_cannot_be_are_refused(workbench: Workbench, inputs: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(FLOW_LOG).check(**inputs)
    assert path in {failure.path for failure in refused.value.failures}
