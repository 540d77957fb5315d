"""A resource leads to the component that makes it, or to its stack's file."""

from pathlib import Path

from policies.evidence.places import Place, components, place


def test_a_resource_leads_to_its_innermost_component() -> None:
    pool, network = (components()[f"morefocus:{token}"] for token in ("identity:UserPool", "network:Network"))
    assert pool.path == "components/identity/user_pool.py"
    line = (Path(__file__).resolve().parents[3] / pool.path).read_text().splitlines()[pool.line - 1]
    assert line.startswith("class UserPool(")
    prefix = "urn:pulumi:eu-west-1::morefocus::"
    assert place(f"{prefix}morefocus:network:Network$morefocus:identity:UserPool$aws:s3/bucket:Bucket::one", "eu-west-1") == pool
    assert place(f"{prefix}morefocus:network:Network$aws:ec2/vpc:Vpc::one", "eu-west-1") == network


def test_what_stands_in_no_component_leads_to_the_file_of_its_stack() -> None:
    bare = "urn:pulumi:eu-west-1::morefocus::aws:s3/bucket:Bucket::one"
    assert place(bare, "eu-west-1") == place("", "eu-west-1") == Place("Pulumi.eu-west-1.yaml", 1)


def test_every_component_of_the_estate_is_found() -> None:
    root = Path(__file__).resolve().parents[3]
    declared = sum(line.startswith("class ") and 'token="' in line for path in (root / "components").rglob("*.py") for line in path.open())
    assert len(components()) == declared > 50
