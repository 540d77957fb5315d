"""The SDK's packages load by the module, and whole for whoever wants a package's own names."""

import subprocess
import sys

import pytest

from sandbox.paths import REPOSITORY

BEGIN = """
import sys
from stacks.sdk_packages import load_on_demand
load_on_demand("pulumi_aws")
from pulumi_aws.ec2.vpc import Vpc
from pulumi_aws.ec2.get_subnet import get_subnet_output
import pulumi_aws
def loaded(): return sorted(name for name in sys.modules if name.startswith("pulumi_aws.ec2."))
"""


def run(program: str) -> str:
    """Run a program of its own: what is imported here is imported already."""
    return subprocess.run([sys.executable, "-c", BEGIN + program], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout


def test_a_module_brings_only_what_it_uses_itself() -> None:
    said = run("print(*loaded())").split()
    assert set(said) == {f"pulumi_aws.ec2.{name}" for name in ("_enums", "_inputs", "get_subnet", "outputs", "vpc")}


@pytest.mark.parametrize("name", ["Subnet", "get_subnet", "get_vpc", "Tenancy", "Vpc"])
def test_a_packages_own_name_is_the_same_as_without(name: str) -> None:
    assert run(f"found = pulumi_aws.ec2.{name}; print(found.__name__, callable(found), len(loaded()) > 100)").split() == [
        name,
        "True",
        "True",
    ]


def test_modules_and_classes_are_the_same_ones_after_the_whole_package_was_loaded() -> None:
    assert run("before = Vpc; print(pulumi_aws.ec2.Vpc is before, pulumi_aws.ec2.vpc.Vpc is before)").split() == ["True", "True"]


def test_a_name_the_package_lacks_is_told_as_python_tells_it() -> None:
    said = run("try: pulumi_aws.ec2.Vpcc\nexcept AttributeError as error: print(error)")
    assert said.strip() == "module 'pulumi_aws.ec2' has no attribute 'Vpcc'"
