"""Names that a preview knows though the object is not there yet."""

from typing import Any

from pulumi_kubernetes.core.v1 import ConfigMap

from components.platform.known_name import known_name
from tests.kit.recorder import record


def test_a_name_is_known_in_a_first_preview_and_its_user_waits_for_the_object() -> None:
    def program() -> None:
        first = ConfigMap("first", metadata={"name": "settings"})
        ConfigMap("second", metadata={"name": known_name(first, "settings")})

    graph = record(program, preview=True)
    first, second = (next(each for each in graph.resources if each.name == name) for name in ("first", "second"))
    metadata: dict[str, Any] = second.inputs["metadata"]
    assert metadata["name"] == "settings"
    assert first.urn in second.depends_on
