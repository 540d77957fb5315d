"""Inspector against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

ENABLER = "aws:inspector2/enabler:Enabler"
ACCOUNT = "123456789012"


def scanned(life: Life) -> set[str]:
    (account,) = life.boto("inspector2").batch_get_account_status(accountIds=[ACCOUNT])["accounts"]
    return {kind for kind, state in account["resourceState"].items() if state["status"] == "ENABLED"}


def test_what_is_declared_is_scanned_and_nothing_else(workbench: Workbench) -> None:
    life = workbench.made(ENABLER, accountIds=[ACCOUNT], resourceTypes=["ECR", "EC2"])
    assert scanned(life) == {"ec2", "ecr"}
    assert life.id == "123456789012-EC2:ECR" and life.refresh() == []
    assert not life.diff(accountIds=[ACCOUNT], resourceTypes=["EC2", "ECR"])
    life.update(accountIds=[ACCOUNT], resourceTypes=["ECR", "LAMBDA", "LAMBDA_CODE"])
    assert scanned(life) == {"ecr", "lambda", "lambdaCode"}
    assert life.refresh() == []
    assert life.imported()[0]["resourceTypes"] == ["ECR", "LAMBDA", "LAMBDA_CODE"]
    life.boto("inspector2").disable(accountIds=[ACCOUNT], resourceTypes=["LAMBDA_CODE"])
    assert {change.path.partition("[")[0] for change in life.refresh()} == {"resourceTypes"}
    life.delete()
    assert life.gone() and scanned(life) == set()


def test_a_kind_that_inspector_does_not_scan_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="EC2"):
        workbench.life(ENABLER).check(accountIds=[ACCOUNT], resourceTypes=["RDS"])
