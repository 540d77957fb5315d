"""Launch templates against the emulated cloud."""

import base64
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_GROUP, NO_SUBNET, OTHER_TAGS, TAGS, tags_of

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
START = base64.b64encode(b"#!/bin/sh\n").decode()
NODES: dict[str, Any] = {
    "name": "nodes",
    "ebsOptimized": "true",
    "instanceType": "t3.large",
    "userData": START,
    "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1, "httpEndpoint": "enabled"},
    "blockDeviceMappings": [
        {
            "deviceName": "/dev/xvda",
            "ebs": {"encrypted": "true", "volumeSize": 50, "volumeType": "gp3", "iops": 3000, "deleteOnTermination": "true"},
        }
    ],
    "monitoring": {"enabled": True},
    "tagSpecifications": [{"resourceType": "instance", "tags": {"owner": "platform", "component": "cluster"}}],
    "vpcSecurityGroupIds": [NO_GROUP],
}
EVERYTHING: dict[str, Any] = {
    "name": "everything",
    "iamInstanceProfile": {"name": "nodes"},
    "cpuOptions": {"coreCount": 2, "threadsPerCore": 1},
    "creditSpecification": {"cpuCredits": "standard"},
    "disableApiTermination": True,
    "instanceInitiatedShutdownBehavior": "terminate",
    "instanceMarketOptions": {"marketType": "spot", "spotOptions": {"maxPrice": "0.1", "validUntil": "2027-01-01T00:00:00Z"}},
    "instanceRequirements": {"vcpuCount": {"min": 2, "max": 4}, "memoryMib": {"min": 4096}, "memoryGibPerVcpu": {"min": 2, "max": 4.5}},
    "networkInterfaces": [
        {
            "deviceIndex": 0,
            "associatePublicIpAddress": "false",
            "securityGroups": [NO_GROUP],
            "subnetId": NO_SUBNET,
            "ipv4Addresses": ["10.0.0.10", "10.0.0.11"],
            "ipv6Addresses": ["2001:db8::1"],
        }
    ],
    "placement": {"tenancy": "default", "availabilityZone": "eu-west-1a"},
    "privateDnsNameOptions": {"enableResourceNameDnsAaaaRecord": True, "hostnameType": "ip-name"},
    "maintenanceOptions": {"autoRecovery": "default"},
    "hibernationOptions": {"configured": False},
    "licenseSpecifications": [{"licenseConfigurationArn": "arn:aws:license-manager:eu-west-1:123456789012:license-configuration:lic-1"}],
}


def data(life: Life, version: str = "$Latest") -> dict[str, Any]:
    told = life.boto("ec2").describe_launch_template_versions(LaunchTemplateId=life.id, Versions=[version])
    return dict(told["LaunchTemplateVersions"][0]["LaunchTemplateData"])


def test_a_launch_template_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(TEMPLATE)
    promised = life.preview(**NODES)
    assert (promised["latestVersion"], promised["name"]) == (UNKNOWN, "nodes")
    life.create(**NODES, description="first", tags=TAGS)
    held = data(life)
    assert (held["InstanceType"], held["EbsOptimized"], held["UserData"]) == ("t3.large", True, START)
    assert held["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "HttpEndpoint": "enabled"}
    assert held["BlockDeviceMappings"][0]["Ebs"] == {
        "Encrypted": True,
        "VolumeSize": 50,
        "VolumeType": "gp3",
        "Iops": 3000,
        "DeleteOnTermination": True,
    }
    assert held["SecurityGroupIds"] == [NO_GROUP]
    assert (life.outputs["defaultVersion"], life.outputs["latestVersion"]) == (1, 1)
    assert life.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:launch-template/{life.id}"
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    larger = {**NODES, "instanceType": "c5.xlarge"}
    life.update(**larger, description="second", tags=OTHER_TAGS)
    assert data(life)["InstanceType"] == "c5.xlarge"
    assert data(life, "$Default")["InstanceType"] == "t3.large"
    assert (life.outputs["defaultVersion"], life.outputs["latestVersion"]) == (1, 2)
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_every_part_of_a_launch_template_survives_the_way_there_and_back(workbench: Workbench) -> None:
    life = workbench.made(TEMPLATE, **EVERYTHING)
    held = data(life)
    assert held["InstanceRequirements"]["VCpuCount"] == {"Min": 2, "Max": 4}
    assert held["NetworkInterfaces"][0]["Groups"] == [NO_GROUP]
    assert [item["PrivateIpAddress"] for item in held["NetworkInterfaces"][0]["PrivateIpAddresses"]] == ["10.0.0.10", "10.0.0.11"]
    assert held["PrivateDnsNameOptions"]["EnableResourceNameDnsAAAARecord"] is True
    assert life.refresh() == []
    inputs, _ = life.imported()
    assert {name: inputs.get(name) for name in EVERYTHING} == EVERYTHING


def test_a_change_of_tags_makes_no_version(workbench: Workbench) -> None:
    life = workbench.made(TEMPLATE, **NODES)
    life.update(**NODES, tags=TAGS)
    assert life.outputs["latestVersion"] == 1


def test_the_default_follows_the_latest_version_where_that_is_asked(workbench: Workbench) -> None:
    life = workbench.made(TEMPLATE, **NODES, updateDefaultVersion=True)
    life.update(**{**NODES, "instanceType": "c5.xlarge"}, updateDefaultVersion=True)
    assert data(life, "$Default")["InstanceType"] == "c5.xlarge"
    assert life.outputs["defaultVersion"] == 2


def test_the_default_may_be_an_older_version(workbench: Workbench) -> None:
    life = workbench.made(TEMPLATE, **NODES, updateDefaultVersion=True)
    larger = {**NODES, "instanceType": "c5.xlarge"}
    life.update(**larger, updateDefaultVersion=True)
    life.update(**larger, defaultVersion=1)
    assert data(life, "$Default")["InstanceType"] == "t3.large"
    assert (life.outputs["defaultVersion"], life.outputs["latestVersion"]) == (1, 2)


def test_a_version_made_elsewhere_shows_as_drift(workbench: Workbench) -> None:
    life = workbench.made(TEMPLATE, **NODES)
    life.boto("ec2").create_launch_template_version(LaunchTemplateId=life.id, LaunchTemplateData={"InstanceType": "m5.large"})
    changed = {change.path.split(".")[0].split("[")[0] for change in life.refresh()}
    assert changed >= {"instanceType", "metadataOptions", "blockDeviceMappings", "userData"}
    life.update(**NODES)
    assert data(life)["InstanceType"] == "t3.large"
    assert life.refresh() == []


def test_a_launch_template_of_another_name_is_another(workbench: Workbench) -> None:
    life = workbench.made(TEMPLATE, **NODES)
    assert life.replaced_by(**{**NODES, "name": "workers"}) == {"name"}


def test_a_name_prefix_gives_a_name_of_its_own(workbench: Workbench) -> None:
    life = workbench.made(TEMPLATE, namePrefix="nodes-", instanceType="t3.large")
    assert life.outputs["name"].startswith("nodes-")
    assert life.outputs["name"] != "nodes-"
    assert life.refresh() == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"userData": "#!/bin/sh"}, "userData"),
        ({"defaultVersion": 1, "updateDefaultVersion": True}, "updateDefaultVersion"),
        ({"instanceType": "t3.gigantic"}, "instanceType"),
        ({"metadataOptions": {"httpTokens": "maybe"}}, "metadataOptions.httpTokens"),
        ({"metadataOptions": {"httpToken": "required"}}, "metadataOptions.httpToken"),
        ({"blockDeviceMappings": [{"ebs": {"volumeType": "gp9"}}]}, "blockDeviceMappings[0].ebs.volumeType"),
    ],
)
def test_templates_that_cannot_be_are_refused(workbench: Workbench, changes: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(TEMPLATE).check(**{**NODES, **changes})
    assert path in {failure.path for failure in refused.value.failures}
