"""Objects of clusters in words."""

import io
from pathlib import Path

from rich.console import Console

from sandbox.engine.stacks import Held, State
from sandbox.watch import objects, table


def thing(kind: str, how: str, **outputs: object) -> Held:
    return Held(f"urn:{kind}", f"kubernetes:{kind}", kind, {"__support": how, **outputs})


DEPLOYMENT = thing(
    "apps/v1:Deployment",
    "partly",
    spec={"template": {"spec": {"containers": [{"image": "sandbox.invalid/web:1"}, {"image": "registry.example/x@sha256:1"}]}}},
)
RELEASE = thing("helm.sh/v3:Release", "recorded")


def test_what_a_resource_says_of_itself_wins_over_its_type() -> None:
    real = thing("apps/v1:Deployment", "held")
    assert table.levels([DEPLOYMENT, RELEASE, real], lambda _: "partly") == {"held": 1, "partly": 1, "recorded": 1}


def test_objects_are_one_service_and_told_in_their_own_words() -> None:
    console = Console(file=io.StringIO(), width=150)
    table.show(console, [table.StackSummary(State("hub", Path("/state"), (DEPLOYMENT, RELEASE), {}), "us-east-1", 1.0)], lambda _: "partly")
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "kubernetes" in text
    assert "validated and recorded; no controller acts on them: 1" in text
    assert "Held partly" not in text


def test_images_without_a_digest_are_counted_once_each() -> None:
    again = thing("batch/v1:Job", "partly", spec={"image": "sandbox.invalid/web:1"})
    assert objects.standins([DEPLOYMENT, again]) == {"sandbox.invalid/web:1"}
    other = Held("urn:b", "aws:s3/bucket:Bucket", "b", {"name": "sandbox.invalid/no"})
    assert objects.standins([other]) == set()
