from collections.abc import Callable
from dataclasses import replace

import pytest
from moto.elbv2.ssl_policies import SSL_POLICIES

from components.data.bucket_statements import LOAD_BALANCER_PREFIX
from components.edge.load_balancer import CLOUDFRONT_PREFIX_LIST, TLS_POLICY, LoadBalancer, LoadBalancerArgs
from config.vocabulary import Environment, Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

ARGS = LoadBalancerArgs(
    vpc_id="vpc-1",
    subnet_ids=["subnet-a", "subnet-b"],
    certificate_arn="arn:certificate",
    log_bucket="the-log-bucket",
    target_security_group_ids={"pods": "sg-pods"},
)


def _prefix_list(args: dict[str, object]) -> dict[str, object]:
    assert args["name"] == CLOUDFRONT_PREFIX_LIST
    return {"id": "pl-cloudfront", "name": args["name"]}


def _graph(args: LoadBalancerArgs = ARGS) -> Graph:
    calls = {"aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list}
    return record(lambda: LoadBalancer("ingress", a_context(), args), calls=calls)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def test_only_cloudfront_reaches_it_and_only_on_443(graph: Graph) -> None:
    (rule,) = [rule.inputs for rule in graph.of_type(INGRESS) if rule.inputs["securityGroupId"] == "ingress-access-id"]
    assert rule["prefixListId"] == "pl-cloudfront"
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443)
    assert not rule.keys() & {"cidrIpv4", "cidrIpv6", "referencedSecurityGroupId"}


def test_it_reaches_its_targets_and_nothing_else(graph: Graph) -> None:
    (out,) = graph.of_type(EGRESS)
    (into,) = [rule for rule in graph.of_type(INGRESS) if rule.inputs["securityGroupId"] == "sg-pods"]
    assert out.inputs["referencedSecurityGroupId"] == "sg-pods"
    assert into.inputs["referencedSecurityGroupId"] == "ingress-access-id"
    for rule in (out, into):
        assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("tcp", 8443, 8443)
    assert not graph.one("aws:ec2/securityGroup:SecurityGroup").inputs.keys() & {"ingress", "egress"}


def test_there_is_one_listener_and_it_speaks_tls_1_3(graph: Graph) -> None:
    listener = graph.one(LISTENER).inputs
    assert (listener["port"], listener["protocol"]) == (443, "HTTPS")
    assert listener["sslPolicy"] == TLS_POLICY
    assert listener["certificateArn"] == "arn:certificate"


def test_the_tls_policy_exists_and_has_neither_old_versions_nor_ciphers_without_forward_secrecy() -> None:
    policy = SSL_POLICIES[TLS_POLICY]
    assert set(policy["ssl_protocols"]) == {"TLSv1.2", "TLSv1.3"}
    for cipher in policy["ciphers"]:
        assert cipher.startswith(("TLS_", "ECDHE-"))
        assert "GCM" in cipher or "CHACHA20" in cipher


def test_a_request_that_no_ingress_rule_takes_gets_404(graph: Graph) -> None:
    (action,) = graph.one(LISTENER).inputs["defaultActions"]
    assert action["type"] == "fixed-response"
    assert action["fixedResponse"]["statusCode"] == "404"


def test_malformed_requests_are_dropped_and_the_web_acl_is_never_skipped(graph: Graph) -> None:
    balancer = graph.one(BALANCER).inputs
    assert balancer["dropInvalidHeaderFields"] is True
    assert balancer["desyncMitigationMode"] == "strictest"
    assert balancer["enableWafFailOpen"] is False


def test_its_access_is_logged_where_the_log_bucket_lets_it(graph: Graph) -> None:
    logs = graph.one(BALANCER).inputs["accessLogs"]
    assert logs == {"enabled": True, "bucket": "the-log-bucket", "prefix": LOAD_BALANCER_PREFIX}


def test_it_is_guarded_against_deletion(graph: Graph) -> None:
    balancer = graph.one(BALANCER)
    assert balancer.inputs["enableDeletionProtection"] is True
    assert balancer.protect
    bare = _graph(replace(ARGS, protect=False)).one(BALANCER)
    assert bare.inputs["enableDeletionProtection"] is False
    assert not bare.protect


def test_pods_are_targets_by_address_and_are_reached_encrypted(graph: Graph) -> None:
    group = graph.one("aws:lb/targetGroup:TargetGroup").inputs
    assert (group["targetType"], group["protocol"], group["port"]) == ("ip", "HTTPS", 8443)
    assert group["healthCheck"]["protocol"] == "HTTPS"
    assert group["healthCheck"]["path"] == "/healthz"


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize("environment", Environment)
def test_names_keep_within_32_characters_everywhere(region: Region, environment: Environment) -> None:
    calls = {"aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list}
    graph = record(lambda: LoadBalancer("ingress", a_context(region, environment), ARGS), calls=calls)
    for type_ in (BALANCER, "aws:lb/targetGroup:TargetGroup"):
        name = graph.one(type_).inputs["name"]
        assert len(name) <= 32
        assert not name.startswith("-")
        assert not name.endswith("-")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, target_protocol="TCP"), r"HTTP or HTTPS \(got 'TCP'\)"),
        (lambda args: replace(args, target_port=0), r"target_port must be 1 to 65535 \(got 0\)"),
        (lambda args: replace(args, health_path="healthz"), r"health_path must start with / \(got 'healthz'\)"),
    ],
)
def test_what_elb_would_refuse_is_refused_at_once(change: Callable[[LoadBalancerArgs], LoadBalancerArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)
