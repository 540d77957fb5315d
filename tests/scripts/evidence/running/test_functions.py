"""Who may call a function is read from the function and its aliases, what was allowed by hand too."""

import io
import zipfile
from typing import Any

import pytest

from policies.graph import Graph
from scripts.evidence.running.cloud import Cloud
from scripts.evidence.running.layer import running
from tests.kit.policies import resource
from tests.kit.provider import Workbench
from tests.scripts.evidence.running.piece import REGION
from tests.scripts.evidence.running.test_iam import TRUST

FUNCTION, ALIAS, PERMISSION = "aws:lambda/function:Function", "aws:lambda/alias:Alias", "aws:lambda/permission:Permission"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:jobs"


def packed() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("main.py", "def handle(event, context): ...")
    return body.getvalue()


@pytest.fixture
def functions(workbench: Workbench) -> Any:
    """A function with an alias that a topic may call, and another that nobody may."""
    life = workbench.life(FUNCTION)
    role = life.boto("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    client = life.boto("lambda")
    for name in ("jobs", "quiet"):
        client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="main.handle",
            Code={"ZipFile": packed()},
            Environment={"Variables": {"A": "b"}},
        )
    client.create_alias(FunctionName="jobs", Name="live", FunctionVersion=client.publish_version(FunctionName="jobs")["Version"])
    client.add_permission(
        FunctionName="jobs",
        Qualifier="live",
        StatementId="topic",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=TOPIC,
    )
    return client


def state() -> Graph:
    def here(type_: str, logical: str, **properties: Any) -> Any:
        return resource(type_, logical, provider_region=REGION, **properties)

    return Graph(
        [
            here(FUNCTION, "jobs", id="jobs", runtime="python3.9"),
            here(FUNCTION, "quiet", id="quiet"),
            here(ALIAS, "jobs-live", id="jobs-live-id", name="live", functionName="jobs"),
            here(
                PERMISSION, "jobs-topic", id="topic", statementId="topic", function="jobs", qualifier="live", principal="sns.amazonaws.com"
            ),
        ]
    )


def read(client: Any, bench: Workbench) -> Any:
    return running(state(), Cloud(lambda service, region: client if service == "lambda" else bench.life(FUNCTION).boto(service, region)))


def test_a_function_is_read_with_its_runtime_and_its_permissions(functions: Any, workbench: Workbench) -> None:
    graph, coverage = read(functions, workbench)
    found = {each.name: each for each in graph.resources}
    assert (found["jobs"].look("runtime"), found["jobs"].look("environment.variables.A")) == ("python3.13", "b")
    assert found["jobs-topic"].look("sourceArn") == TOPIC
    assert not coverage.gone and not coverage.unmanaged and not coverage.unread


def test_a_permission_by_hand_is_a_resource_that_no_program_made(functions: Any, workbench: Workbench) -> None:
    functions.add_permission(FunctionName="jobs", Qualifier="live", StatementId="world", Action="lambda:InvokeFunction", Principal="*")
    functions.add_permission(FunctionName="quiet", StatementId="all", Action="lambda:InvokeFunction", Principal="*")
    functions.remove_permission(FunctionName="jobs", Qualifier="live", StatementId="topic")
    graph, coverage = read(functions, workbench)
    opened = {each.name: (each.look("principal"), each.region) for each in graph.of(PERMISSION)}
    assert opened == {"jobs/world": ("*", REGION), "quiet/all": ("*", REGION)}
    assert [urn.rpartition("::")[2] for urn in coverage.gone] == ["jobs-topic"] and len(coverage.unmanaged) == 2
