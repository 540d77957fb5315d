import re

import botocore.session
import pytest

from components.recovery.region_opt_in import OPTED_IN, OPTED_OUT, RegionOptIn
from tests.kit.contexts import a_context
from tests.kit.recorder import record


def test_a_region_backs_up_the_services_the_estate_keeps_data_in_and_no_others() -> None:
    settings = record(lambda: RegionOptIn("services", a_context())).one("aws:backup/regionSettings:RegionSettings").inputs
    opted = settings["resourceTypeOptInPreference"]
    assert {service for service, is_in in opted.items() if is_in} == set(OPTED_IN) >= {"RDS", "S3", "EFS", "DynamoDB", "EBS"}
    assert opted["EC2"] is False


@pytest.mark.parametrize("service", [*OPTED_IN, *OPTED_OUT])
def test_every_service_has_a_name_that_the_api_takes(service: str) -> None:
    shape = botocore.session.get_session().get_service_model("backup").shape_for("ResourceTypeOptInPreference")
    assert re.fullmatch(shape.key.metadata["pattern"], service)
