import subprocess
import sys

import pytest

from sandbox.provider.facts import cfn_schemas
from tests.sandbox.provider.facts.samples import REGIONS


@pytest.mark.parametrize("region", REGIONS)
def test_the_regions_of_the_estate_are_shipped(region: str) -> None:
    assert region in cfn_schemas.regions()
    assert "AWS::EC2::VPC" in cfn_schemas.types(region)


@pytest.mark.parametrize("region", ["eu-wst-1", "", "global", "sam", "../us-east-1"])
def test_a_region_that_is_not_shipped_is_told_with_the_nearest(region: str) -> None:
    with pytest.raises(cfn_schemas.UnknownRegionError, match=r"ships no CloudFormation schemas for region"):
        cfn_schemas.types(region)


def test_the_nearest_region_is_named() -> None:
    with pytest.raises(cfn_schemas.UnknownRegionError, match="did you mean eu-west-1"):
        cfn_schemas.types("eu-wst-1")


def test_a_regional_extension_speaks_of_its_region_only() -> None:
    ireland, regional = cfn_schemas.extension("aws_elasticache_cachecluster/cachenodetype_enum", "eu-west-1")
    brazil, _ = cfn_schemas.extension("aws_elasticache_cachecluster/cachenodetype_enum", "sa-east-1")
    assert regional
    assert ireland is not None
    assert brazil is not None
    assert set(brazil["enum"]) < set(ireland["enum"])
    assert cfn_schemas.extension("aws_elasticache_cachecluster/cachenodetype_enum", "nowhere-1") == (None, True)


def test_an_extension_without_regions_speaks_of_all() -> None:
    extension, regional = cfn_schemas.extension("aws_elasticloadbalancingv2_listener/certificate", "sa-east-1")
    assert extension
    assert not regional


def test_reading_schemas_does_not_import_the_linter() -> None:
    program = (
        "import sys\n"
        "from sandbox.provider.facts import cloudformation\n"
        "cloudformation.check_inputs('aws:ec2/vpc:Vpc', {}, 'eu-west-1', None)\n"
        "print(sorted({'cfnlint', 'pulumi', 'pulumi_aws', 'boto3'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"
