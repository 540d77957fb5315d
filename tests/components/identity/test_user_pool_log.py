import botocore.session
import pytest

from components.identity.user_pool_log import UserPoolLog, UserPoolLogArgs
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

KEY = "arn:aws:kms:eu-west-1:123456789012:key/logs"
ARGS = UserPoolLogArgs(user_pool_id="eu-west-1_abc", log_key_arn=KEY)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: UserPoolLog("users-log", a_context(Region.EU_WEST_1), ARGS))


def test_what_users_did_and_what_could_not_be_told_them_is_on_record(graph: Graph) -> None:
    delivery = graph.one("aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration").inputs
    assert delivery["userPoolId"] == ARGS.user_pool_id
    levels = {each["eventSource"]: each["logLevel"] for each in delivery["logConfigurations"]}
    assert levels == {"userAuthEvents": "INFO", "userNotification": "ERROR"}
    model = botocore.session.get_session().get_service_model("cognito-idp")
    assert set(levels) <= set(model.shape_for("EventSourceName").enum)
    (group,) = graph.of_type("aws:cloudwatch/logGroup:LogGroup")
    assert {each["cloudWatchLogsConfiguration"]["logGroupArn"] for each in delivery["logConfigurations"]} == {group.answered["arn"]}


def test_the_record_is_encrypted_kept_and_marked_as_a_log(graph: Graph) -> None:
    group = graph.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert (group["kmsKeyId"], group["retentionInDays"], group["tags"]["data-class"]) == (KEY, 365, "logs")
    assert group["name"] == "/aws/vendedlogs/cognito/morefocus-prod-euw1-users-log"
    assert graph.outputs_of(graph.one("morefocus:identity:UserPoolLog")) == {"log_group_name": group["name"]}


def test_a_retention_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="log_retention_days must be one of"):
        UserPoolLogArgs(user_pool_id="x", log_key_arn=KEY, log_retention_days=364)
