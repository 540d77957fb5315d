import pytest

from sandbox.provider.facts import cfn_schemas, sdk
from sandbox.provider.facts.cfn_pairing import Schema
from sandbox.provider.facts.cfn_table import TABLE
from sandbox.provider.facts.cfn_translate import Translation
from tests.sandbox.provider.facts.samples import REGIONS, SAMPLES

SEEN_ELSEWHERE = {
    "aws:cloudwatch/logDelivery:LogDelivery",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
    "aws:cloudwatch/logDeliverySource:LogDeliverySource",
    "aws:route53/trafficPolicyInstance:TrafficPolicyInstance",
    "aws:secretsmanager/secret:Secret",
    "aws:ses/configurationSet:ConfigurationSet",
}


def has_path(token: str, path: str) -> bool:
    fields = sdk.resource(token).inputs
    for step in path.split("."):
        if step not in fields:
            return False
        known = fields[step]
        fields = known.fields or (known.items.fields if known.items else {})
    return True


def test_every_entry_is_proven_by_a_sample() -> None:
    assert TABLE.keys() - SAMPLES.keys() == SEEN_ELSEWHERE


@pytest.mark.parametrize("token", TABLE)
def test_an_entry_names_only_properties_that_the_sdk_has(token: str) -> None:
    names = TABLE[token]
    paths = {*names.renamed, *names.optional, *names.also, *names.versions, *names.unless}
    assert not [path for path in paths if not has_path(token, path)]


@pytest.mark.parametrize("token", TABLE)
def test_an_entry_points_at_properties_that_cloudformation_has(token: str) -> None:
    names = TABLE[token]
    translation = Translation(Schema(cfn_schemas.schema(cfn_schemas.types("us-east-1")[names.type]), names), sdk.resource(token).inputs)
    translation.rules()  # a pointer to nothing raises
    paired = {pair.path for pair in translation.pairs}
    assert not [path for path, pointer in names.renamed.items() if pointer and path not in paired]


@pytest.mark.parametrize("token", TABLE)
def test_an_entry_says_nothing_that_the_names_say_already(token: str) -> None:
    renamed = TABLE[token].renamed
    superfluous = [
        path
        for path, pointer in renamed.items()
        if pointer
        and pointer.lower() == path.rpartition(".")[2].lower()
        and renamed.get(path.rpartition(".")[0]) != ""  # in a group only what is named is paired
    ]
    assert not superfluous


@pytest.mark.parametrize(("token", "extension"), [(token, extension) for token, names in TABLE.items() for extension in names.further])
def test_a_further_rule_has_something_to_say_in_every_region(token: str, extension: str) -> None:
    names = TABLE[token]
    for region in REGIONS:
        schema = Schema(cfn_schemas.schema(cfn_schemas.types(region)[names.type]), names)
        fragment, _ = cfn_schemas.extension(extension, region)
        assert fragment
        for place in names.further[extension]:
            assert Translation(schema, sdk.resource(token).inputs).further(fragment, place), f"{extension} at {place or 'the resource'}"
