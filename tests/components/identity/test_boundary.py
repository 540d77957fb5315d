import pytest

from components.identity.boundary import Boundary, BoundaryArgs
from components.identity.boundary_document import boundary_arn, people_boundary
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import record

DOCUMENT = people_boundary(a_context(), [Region.US_EAST_1])


def test_a_boundary_lies_on_the_path_that_it_forbids_to_change() -> None:
    graph = record(lambda: Boundary("boundary", a_context(), BoundaryArgs(holders="people", document=DOCUMENT)))
    policy = graph.one("aws:iam/policy:Policy").inputs
    assert policy["policy"] == DOCUMENT
    assert boundary_arn(a_context(), "people").endswith(f":policy{policy['path']}{policy['name']}")


def test_its_name_is_one_word() -> None:
    with pytest.raises(ValueError, match="one lower-case word"):
        BoundaryArgs(holders="all people", document=DOCUMENT)
