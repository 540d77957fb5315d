"""A refusal reads as one line of cause and remedy."""

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import Failure, HandlerError, InvalidInputs, already_gone, error_code, explain, is_gone, passing


def refusal(code: str, message: str = "no\n way") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateVpc")


def test_a_refusal_names_operation_code_and_remedy_in_one_line() -> None:
    assert explain(refusal("DependencyViolation")) == (
        "CreateVpc was refused: DependencyViolation: no way (something still uses it: delete or detach that first)"
    )


def test_every_way_of_saying_not_there_is_understood() -> None:
    for code in (
        "NoSuchBucket",
        "InvalidVpcID.NotFound",
        "ResourceNotFoundException",
        "DBInstanceNotFound",
        "404",
        "WAFNonexistentItemException",
    ):
        assert is_gone(refusal(code)), code
    for code in ("AccessDenied", "DependencyViolation", "Throttling", ""):
        assert not is_gone(refusal(code)), code


def test_our_own_refusals_are_not_dressed_up() -> None:
    assert explain(HandlerError("the bucket is not empty: empty it")) == "the bucket is not empty: empty it"
    assert explain(InvalidInputs(Failure("a", "x"), Failure("b", "y"))) == "a: x; b: y"


def test_a_fault_names_its_kind() -> None:
    assert explain(KeyError("name")) == "KeyError: 'name'"
    assert error_code(KeyError("name")) == ""


def test_only_the_expected_refusal_passes() -> None:
    with already_gone():
        raise refusal("NoSuchBucket")
    with passing("Disabled"):
        raise refusal("Disabled")
    for guard in (already_gone(), passing("Disabled")):
        with pytest.raises(ClientError), guard:
            raise refusal("AccessDenied")
