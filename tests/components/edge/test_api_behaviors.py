from typing import Any

from components.edge.api_behaviors import api_behaviors, api_origins
from components.edge.managed_policies import ALL_BUT_HOST, CACHING_DISABLED

APIS = {"use1": "api.use1.example.com", "sae1": "api.sae1.example.com"}


def test_each_regions_path_leads_to_its_own_api() -> None:
    behaviors = api_behaviors(APIS, function_arn="arn:function", headers_policy_id="headers")
    hosts = {each["origin_id"]: each["domain_name"] for each in api_origins(APIS)}
    assert {each["path_pattern"]: hosts[str(each["target_origin_id"])] for each in behaviors} == {
        "/api/use1/*": "api.use1.example.com",
        "/api/sae1/*": "api.sae1.example.com",
    }


def test_apis_are_reached_by_tls_1_2_only_and_outlast_a_slow_answer() -> None:
    for origin in api_origins(APIS):
        spoken: Any = origin["custom_origin_config"]
        assert (spoken["origin_protocol_policy"], spoken["origin_ssl_protocols"]) == ("https-only", ["TLSv1.2"])
        assert spoken["origin_read_timeout"] >= 29


def test_answers_are_kept_nowhere_and_questions_arrive_whole_but_for_the_host() -> None:
    behaviors: list[Any] = [*api_behaviors(APIS, function_arn="arn:function", headers_policy_id="headers")]
    for behavior in behaviors:
        assert (behavior["cache_policy_id"], behavior["origin_request_policy_id"]) == (CACHING_DISABLED, ALL_BUT_HOST)
        assert {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"} <= set(behavior["allowed_methods"])
        assert behavior["viewer_protocol_policy"] == "https-only"
        assert behavior["response_headers_policy_id"] == "headers"
        assert behavior["function_associations"] == [{"event_type": "viewer-request", "function_arn": "arn:function"}]
