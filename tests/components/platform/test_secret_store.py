from components.platform.secret_store import STORE, SecretStore
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.kubernetes import objects, selects
from tests.kit.recorder import Graph, record
from tests.kit.schemas import custom_problems


def _made() -> Graph:
    return record(lambda: SecretStore("secret-store", a_context(Region.EU_WEST_1)))


def test_secrets_are_read_in_the_stacks_own_region_with_the_operators_own_role() -> None:
    aws = _made().one("kubernetes:external-secrets.io/v1:ClusterSecretStore").inputs["spec"]["provider"]["aws"]
    assert aws == {"service": "SecretsManager", "region": "eu-west-1"}


def test_namespaces_of_the_platform_may_ask_and_those_of_tenants_may_not() -> None:
    (store,) = objects(_made())
    (condition,) = store["spec"]["conditions"]
    selector = condition["namespaceSelector"]
    assert selects(selector, {"app.kubernetes.io/part-of": "morefocus"})
    assert not selects(selector, {"app.kubernetes.io/part-of": "morefocus", "morefocus.com/tenant": "tenant-a"})
    assert not selects(selector, {})


def test_the_operator_takes_it_and_others_know_its_name() -> None:
    graph = _made()
    (store,) = objects(graph)
    assert not custom_problems(store)
    assert graph.outputs_of(graph.one("morefocus:platform:SecretStore")) == {"store": STORE}
