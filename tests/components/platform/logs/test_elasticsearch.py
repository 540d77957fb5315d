import base64
import json
from typing import Any

from components.platform.logs.elasticsearch import LogSearch, LogSearchArgs, elasticsearch_spec
from components.platform.logs.roles import ROLES
from components.platform.logs.sizing import Tiers
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import record

ARGS = LogSearchArgs(
    namespace="logging",
    image="docker.elastic.co/elasticsearch/elasticsearch:9.5.1",
    tiers=Tiers(hot_nodes=3, warm_nodes=6, hot_disk_gb=150, warm_disk_gb=700, shards=1000),
    storage_class="gp3",
    priority_class="platform",
)


def _sets() -> dict[str, Any]:
    return {each["name"]: each for each in elasticsearch_spec(ARGS)["nodeSets"]}


def test_three_masters_and_as_many_data_nodes_as_were_planned_stand_over_the_zones() -> None:
    sets = _sets()
    assert {name: each["count"] for name, each in sets.items()} == {"master": 3, "hot": 3, "warm": 6}
    assert all(each["zoneAwareness"] == {} for each in sets.values())
    assert sets["master"]["config"]["node.roles"] == ["master"]
    sizes = {name: each["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] for name, each in sets.items()}
    assert sizes == {"master": "10Gi", "hot": "150Gi", "warm": "700Gi"}
    assert all(each["volumeClaimTemplates"][0]["spec"]["storageClassName"] == "gp3" for each in sets.values())


def test_its_pods_are_restricted_and_need_no_setting_of_their_node() -> None:
    for each in _sets().values():
        (container,) = each["podTemplate"]["spec"]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] and container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert each["config"]["node.store.allow_mmap"] is False
        assert "initContainers" not in each["podTemplate"]["spec"]


def test_there_is_no_superuser_and_every_user_has_a_role_that_exists() -> None:
    auth = elasticsearch_spec(ARGS)["auth"]
    assert auth["disableElasticUser"] is True
    assert {each["secretName"] for each in auth["fileRealm"]} == set(ROLES)


def test_the_snapshot_module_may_read_the_token_of_its_pods_role_in_this_version_alone() -> None:
    (option,) = _sets()["hot"]["podTemplate"]["spec"]["containers"][0]["env"]
    policy = json.loads(base64.b64decode(option["value"].partition("=")[2]))
    assert policy["versions"] == ["9.5.1"]
    assert policy["policy"]["ALL-UNNAMED"] == [
        {"files": [{"path": "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token", "mode": "read"}]}
    ]


def test_its_object_is_what_the_operator_defines() -> None:
    graph = record(lambda: LogSearch("log-search", a_context(), ARGS))
    found = custom_resources(graph)
    assert len(found) == 1
    assert findings(found) == []
    assert json.loads(graph.named("log-search-roles").inputs["stringData"]["roles.yml"]) == ROLES
