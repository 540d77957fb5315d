"""The sandbox's copies of stack files: the same settings under the sandbox's key."""

from pathlib import Path

import pytest

from sandbox.engine.stack_files import StackFileError, derive, stacks_with_files
from sandbox.paths import Home

PLAIN = "# why\nconfig:\n  # the region\n  aws:region: eu-west-1\n  demo:zones: [a,   b]\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.scratch.mkdir(parents=True)
    (made.scratch / "Pulumi.prod.yaml").write_text("encryptionsalt: v1:ours\n")
    return made


def test_the_copy_says_the_same_and_carries_our_key(home: Home) -> None:
    source = home.project / "Pulumi.prod.yaml"
    source.write_text(PLAIN)
    assert derive(home, "prod").read_text() == PLAIN + "encryptionsalt: v1:ours\n"
    assert source.read_text() == PLAIN


def test_the_key_of_the_aws_account_is_left_out(home: Home) -> None:
    keys = "secretsprovider: awskms://alias/state?region=us-east-1\nencryptedkey: AQICAHg=\nencryptionsalt: v1:theirs\n"
    (home.project / "Pulumi.prod.yaml").write_text(keys + PLAIN)
    assert derive(home, "prod").read_text() == PLAIN + "encryptionsalt: v1:ours\n"


@pytest.mark.parametrize(
    "value", ["demo:token:\n    secure: AAAB==", "demo:list:\n    - secure: AAAB==", "demo:map:\n    deep:\n      secure: x"]
)
def test_a_value_encrypted_for_aws_is_an_error_that_names_its_line(home: Home, value: str) -> None:
    (home.project / "Pulumi.prod.yaml").write_text(f"config:\n  {value}\n")
    line = 1 + f"config:\n  {value}".index("secure:") and f"config:\n  {value}"[: f"config:\n  {value}".index("secure:")].count("\n") + 1
    with pytest.raises(StackFileError, match=rf"Pulumi\.prod\.yaml, line {line}: a value encrypted"):
        derive(home, "prod")


def test_a_stack_that_was_never_made_is_an_error_that_says_what_to_do(home: Home) -> None:
    (home.project / "Pulumi.new.yaml").write_text(PLAIN)
    with pytest.raises(StackFileError, match="has no stack 'new' yet: run `make up`"):
        derive(home, "new")


def test_stacks_are_those_with_a_file(home: Home) -> None:
    for name in ("Pulumi.yaml", "Pulumi.eu-west-1.yaml", "Pulumi.staging.yaml", "Pulumi.old.yaml.bak"):
        (home.project / name).touch()
    assert stacks_with_files(home.project) == ["eu-west-1", "staging"]
