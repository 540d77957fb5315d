"""What lets another worker take an execution again."""

import pytest

from components.products.automation.redelivery import Redelivery, RedeliveryArgs, hook
from tests.kit.contexts import a_context
from tests.kit.recorder import record


def test_workers_are_given_the_file_under_the_name_that_they_load() -> None:
    graph = record(lambda: Redelivery("redelivery", a_context(), RedeliveryArgs(namespace="automation", times=2)))
    made = graph.one("kubernetes:core/v1:ConfigMap").inputs
    assert made["metadata"]["name"] == "n8n-redelivery"
    assert made["data"] == {"redelivery.cjs": hook(2)}
    assert "maxStalledCount = 2;" in hook(2)
    assert "{{" not in hook(2)


@pytest.mark.parametrize("times", [-1, 6])
def test_an_execution_that_kills_worker_after_worker_comes_to_an_end(times: int) -> None:
    with pytest.raises(ValueError, match="must be 0 to 5"):
        RedeliveryArgs(namespace="automation", times=times)
