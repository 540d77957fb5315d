import json
from pathlib import Path
from typing import Any

import cfnlint
import pytest
from moto.ec2.models.instance_types import INSTANCE_TYPES

from components.cluster.instance_types import EQUALS, spot_types

OFFERED = json.loads((Path(cfnlint.__file__).parent / "data/schemas/extensions/aws_ec2_instance/instancetype_enum.json").read_text())


def _facts(instance_type: str) -> dict[str, Any]:
    facts: dict[str, Any] = INSTANCE_TYPES[instance_type]
    return facts


@pytest.mark.parametrize("instance_type", EQUALS)
def test_equals_have_the_same_processors_and_no_less_memory(instance_type: str) -> None:
    wanted = _facts(instance_type)
    for other in map(_facts, EQUALS[instance_type]):
        assert other["VCpuInfo"]["DefaultVCpus"] == wanted["VCpuInfo"]["DefaultVCpus"]
        assert other["MemoryInfo"]["SizeInMiB"] >= wanted["MemoryInfo"]["SizeInMiB"]
        assert other["ProcessorInfo"]["SupportedArchitectures"] == wanted["ProcessorInfo"]["SupportedArchitectures"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "sa-east-1"])
@pytest.mark.parametrize("instance_type", EQUALS)
def test_every_type_is_offered_in_every_region_of_the_estate(instance_type: str, region: str) -> None:
    assert set(spot_types(instance_type)) <= set(OFFERED[region]["enum"])


@pytest.mark.parametrize("instance_type", EQUALS)
def test_every_type_can_be_had_on_spot(instance_type: str) -> None:
    assert all("spot" in _facts(each)["SupportedUsageClasses"] for each in spot_types(instance_type))


def test_spot_asks_for_the_type_itself_first() -> None:
    assert spot_types("t3.large")[0] == "t3.large"
    assert len(spot_types("t3.large")) == len(set(spot_types("t3.large"))) == 6


def test_a_type_without_known_equals_is_refused_saying_what_to_give() -> None:
    with pytest.raises(ValueError, match=r"no equals of 'p5.48xlarge' are known .*give spot_instance_types"):
        spot_types("p5.48xlarge")
