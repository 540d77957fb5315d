import json

from components._base import Component
from components.data import postgres
from components.data.postgres_surroundings import LOGS, log_groups, monitoring, parameters
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, record


class Store(Component, token="test:PostgresSurroundings"):
    def __init__(self) -> None:
        super().__init__("store", a_context())
        parameters(self, "store", "17.6")
        monitoring(self, "store", "store-*")
        log_groups(self, "store-primary", "store-1", key_arn="arn:key", retention_days=90)
        self.publish()


def _graph() -> Graph:
    return record(Store)


def test_the_group_holds_every_setting_and_is_named_by_its_major_version() -> None:
    group = _graph().one("aws:rds/parameterGroup:ParameterGroup").inputs
    assert (group["family"], group["name"]) == ("postgres17", "morefocus-prod-use1-store-postgres17")
    assert {each["name"]: (each["value"], each["applyMethod"]) for each in group["parameters"]} == {
        each.name: (each.value, each.apply_method) for each in postgres.SETTINGS
    }


def test_the_monitoring_role_serves_the_named_instances_of_the_account_alone() -> None:
    graph = _graph()
    role, attachment = graph.one("aws:iam/role:Role"), graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:rds:us-east-1:{ACCOUNT}:db:store-*"},
    }
    assert attachment.inputs["role"] == role.inputs["name"]
    assert attachment.inputs["policyArn"].endswith("/AmazonRDSEnhancedMonitoringRole")


def test_each_log_has_the_group_that_rds_would_write_to_encrypted_and_kept_for_a_time() -> None:
    groups = _graph().of_type("aws:cloudwatch/logGroup:LogGroup")
    assert {(each.name, each.inputs["name"]) for each in groups} == {
        (f"store-primary-log-{log}", f"/aws/rds/instance/store-1/{log}") for log in LOGS
    }
    assert {(each.inputs["kmsKeyId"], each.inputs["retentionInDays"]) for each in groups} == {("arn:key", 90)}
