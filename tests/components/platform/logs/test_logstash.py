import pytest

from components.platform.logs.logstash import LogIntake, LogIntakeArgs, logstash_spec
from components.platform.logs.pipeline import pipeline
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import record

ARGS = LogIntakeArgs(namespace="logging", image="docker.elastic.co/logstash/logstash:9.5.1", storage_class="gp3", priority_class="platform")


def test_it_runs_the_pipeline_with_the_key_of_pseudonyms_from_a_secret() -> None:
    spec = logstash_spec(ARGS)
    assert spec["pipelines"] == [{"pipeline.id": "main", "config.string": pipeline()}]
    (container,) = spec["podTemplate"]["spec"]["containers"]
    (key,) = container["env"]
    assert key == {"name": "ANONYMISATION_KEY", "valueFrom": {"secretKeyRef": {"name": "log-anonymisation", "key": "ANONYMISATION_KEY"}}}
    assert "salt" not in str(spec)


def test_what_elasticsearch_does_not_take_waits_on_an_encrypted_disk_that_holds_it() -> None:
    spec = logstash_spec(ARGS)
    assert spec["config"]["queue.type"] == "persisted"
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["metadata"]["name"] == "logstash-data" and claim["spec"]["storageClassName"] == "gp3"
    disk = int(claim["spec"]["resources"]["requests"]["storage"].removesuffix("Gi"))
    used = sum(int(spec["config"][key].removesuffix("gb")) for key in ("queue.max_bytes", "dead_letter_queue.max_bytes"))
    assert used < disk


def test_the_address_of_the_cluster_has_the_names_that_the_pipeline_uses() -> None:
    (reference,) = logstash_spec(ARGS)["elasticsearchRefs"]
    assert f"${{{reference['clusterName'].upper()}_ES_HOSTS}}" in pipeline()


def test_its_object_is_what_the_operator_defines() -> None:
    found = custom_resources(record(lambda: LogIntake("log-intake", a_context(), ARGS)))
    assert len(found) == 1 and findings(found) == []


def test_one_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="replicas must be at least 2"):
        LogIntakeArgs(namespace="logging", image="a:9.5.1", storage_class="gp3", priority_class="platform", replicas=1)
