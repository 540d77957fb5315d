"""A region's opt-ins to AWS Backup against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

SETTINGS = "aws:backup/regionSettings:RegionSettings"


def test_opt_ins_live_as_declared(workbench: Workbench) -> None:
    life = workbench.made(SETTINGS, resourceTypeOptInPreference={"RDS": True, "EC2": False})
    backup = life.boto("backup")
    live = backup.describe_region_settings()["ResourceTypeOptInPreference"]
    assert (live["RDS"], live["EC2"]) == (True, False)
    assert life.refresh() == []
    life.update(resourceTypeOptInPreference={"RDS": True, "EC2": True})
    assert backup.describe_region_settings()["ResourceTypeOptInPreference"]["EC2"] is True
    backup.update_region_settings(ResourceTypeOptInPreference={"RDS": False})
    assert len(life.refresh()) == 1
    life.delete()
    assert backup.describe_region_settings()["ResourceTypeOptInPreference"]["RDS"] is False


def test_a_service_whose_name_aws_would_refuse_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="Storage Gateway"):
        workbench.life(SETTINGS).check(resourceTypeOptInPreference={"Storage Gateway": True})
