import pytest
from pydantic import ValidationError

from config.load import load
from config.platform.mesh import MeshPlan


def test_every_stack_says_whether_it_has_it() -> None:
    assert load("us-east-1").plan.platform.mesh.enabled is True
    with pytest.raises(ValidationError, match="enabled"):
        MeshPlan.model_validate({})


def test_a_key_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="enable"):
        MeshPlan.model_validate({"enabled": True, "enable": True})


def test_a_control_plane_that_could_not_grow_to_its_least_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"replicas \(4\) or more"):
        MeshPlan.model_validate({"enabled": True, "replicas": 4, "most_replicas": 3})
    with pytest.raises(ValidationError, match="replicas"):
        MeshPlan.model_validate({"enabled": True, "replicas": 1})
