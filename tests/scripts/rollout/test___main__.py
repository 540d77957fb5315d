"""The command, as people and pipelines give it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from scripts.rollout import __main__ as rollout
from tests.scripts.rollout.conftest import APPLICATION, BOOKINGS, PRIVACY, STACK, Site


@pytest.fixture(autouse=True)
def here(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", site.cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def _given(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(rollout.app, ["--stack", STACK, *arguments])
    return done.exit_code, done.output


def test_a_function_named_by_the_end_of_its_name_goes_back_to_the_version_before(site: Site) -> None:
    functions = site.boto("lambda")
    for name in (BOOKINGS, PRIVACY):
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion="2")
    assert _given("--back", "--function", "bookings") == (0, f"{BOOKINGS}: version 1 has all calls\n")
    assert (site.share(BOOKINGS), site.share(PRIVACY)) == (0.0, 1.0)


def test_unattended_hands_over_to_codedeploy_what_is_not_under_way(site: Site) -> None:
    site.boto("lambda").update_alias(FunctionName=PRIVACY, Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.05}})
    code, said = _given("--unattended")
    assert code == 0 and f"{PRIVACY}: version 2 has 5 % already" in said
    found = site.boto("codedeploy").list_deployments(applicationName=APPLICATION, deploymentGroupName=BOOKINGS)["deployments"]
    assert f"deployment {found[-1]} takes version 2 into service" in said


def test_a_rollout_that_must_not_begin_says_why(site: Site) -> None:
    site.ring()
    code, said = _given()
    assert code == 2 and "alarms ring before anything was moved" in said
    assert _given("--function", "invoices")[0] == 2
