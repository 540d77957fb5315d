import json

import pytest

from sandbox.provider.facts import sdk_source


def test_the_version_is_that_of_the_installed_distribution() -> None:
    from importlib.metadata import version

    assert sdk_source.version() == version("pulumi-aws")


def test_the_index_has_every_resource_that_the_sdk_registers() -> None:
    index = sdk_source.resource_index()
    registered = (sdk_source.package() / "__init__.py").read_text().count('"classes": {\n')
    assert len(index) == registered - sum(token.startswith("pulumi:") for token in index)
    assert index["aws:lambda/function:Function"] == ["lambda_", "Function"]
    assert index["aws:s3/bucket:Bucket"] == ["s3", "Bucket"]


def test_the_index_finds_data_sources_of_services_and_of_the_root() -> None:
    index = sdk_source.function_index()
    assert index["aws:index/getCallerIdentity:getCallerIdentity"] == "get_caller_identity.py"
    assert index["aws:ec2/getManagedPrefixList:getManagedPrefixList"] == "ec2/get_managed_prefix_list.py"
    assert len(index) == len(set(index.values())) > 500


def test_facts_are_plain_json() -> None:
    facts = sdk_source.read_resource("aws:ec2/flowLog:FlowLog", "ec2", "FlowLog")
    assert json.loads(json.dumps(facts)) == facts
    assert facts["inputs"]["tagFieldSpecifications"][1] == ["array", ["object", "FlowLogTagFieldSpecificationArgs"]]


def test_arguments_named_otherwise_are_found() -> None:
    tokens = [
        (token, folder, name)
        for token, (folder, name) in sdk_source.resource_index().items()
        if f"\nclass {name}InitArgs:" in _source(folder, name)
    ]
    assert tokens
    for token, folder, name in tokens[:3]:
        assert sdk_source.read_resource(token, folder, name)["inputs"]


def test_a_type_from_another_service_is_followed() -> None:
    facts = sdk_source.read_resource("aws:iam/rolePolicy:RolePolicy", "iam", "RolePolicy")
    assert facts["inputs"]["policy"][1][0] == "union"
    other = sdk_source.read_resource("aws:sqs/queuePolicy:QueuePolicy", "sqs", "QueuePolicy")
    assert other["types"]["PolicyDocumentArgs"]["Statement"][1] == ["array", ["object", "iam.PolicyStatementArgs"]]
    assert other["types"]["iam.PolicyStatementArgs"]["Effect"][0] is True


@pytest.mark.parametrize("service", ["kms", "efs", "vpc", "ebs"])
def test_every_type_of_a_service_can_be_read(service: str) -> None:
    tokens = [(token, *place) for token, place in sdk_source.resource_index().items() if token.startswith(f"aws:{service}/")]
    assert tokens
    for token, folder, name in tokens:
        facts = sdk_source.read_resource(token, folder, name)
        assert facts["inputs"].keys() <= facts["outputs"].keys(), token


def _source(folder: str, name: str) -> str:
    import re

    file = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    path = sdk_source.package() / folder / f"{file}.py"
    return path.read_text() if path.is_file() else ""
