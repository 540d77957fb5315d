import pytest
from pydantic import ValidationError

from config.load import load
from config.platform.node_scaling import NodeScalingPlan


@pytest.mark.parametrize("stack", ["us-east-1", "eu-west-1", "sa-east-1", "staging"])
def test_every_stack_adds_nodes_when_pods_find_no_place(stack: str) -> None:
    assert load(stack).plan.platform.node_scaling.by == "cluster-autoscaler"


def test_another_scaler_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValidationError, match="'cluster-autoscaler'"):
        NodeScalingPlan.model_validate({"by": "clusterautoscaler"})
