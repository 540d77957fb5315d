from typing import Any

import pytest

from components.network.endpoint_policies import dynamodb_policy, interface_policy, s3_policy
from components.network.endpoints import CLUSTER_SERVICES, Endpoints, EndpointsArgs
from config.vocabulary import Region
from tests.components.network.made import computed
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

CONTEXT = a_context(Region.SA_EAST_1)
GIVEN: dict[str, Any] = {
    "vpc_id": "vpc",
    "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
    "route_table_ids": ["table-a", "table-b", "table-c"],
    "client_cidr": "10.2.0.0/17",
}


def _endpoints(**more: Any) -> Graph:
    return record(lambda: Endpoints("endpoints", CONTEXT, EndpointsArgs(**(GIVEN | more))), computed=computed)


def _interfaces(graph: Graph) -> dict[str, dict[str, Any]]:
    every = [endpoint.inputs for endpoint in graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")]
    return {each["serviceName"].removeprefix("com.amazonaws.sa-east-1."): each for each in every if each["vpcEndpointType"] == "Interface"}


def test_interface_endpoints_stand_in_every_zone_under_the_services_own_name() -> None:
    interfaces = _interfaces(_endpoints())
    assert set(interfaces) == set(CLUSTER_SERVICES)
    for service, endpoint in interfaces.items():
        assert endpoint["subnetIds"] == GIVEN["subnet_ids"]
        assert endpoint["privateDnsEnabled"] is True
        assert endpoint["securityGroupIds"] == ["endpoints-security-group-id"]
        assert endpoint["policy"] == interface_policy(CONTEXT, service)


def test_only_the_services_named_have_an_interface_endpoint() -> None:
    assert set(_interfaces(_endpoints(interface_services=("kms", "ecr.api")))) == {"kms", "ecr.api"}


@pytest.mark.parametrize(("service", "policy"), [("s3", s3_policy(CONTEXT, ["layers"])), ("dynamodb", dynamodb_policy(CONTEXT))])
def test_gateway_endpoints_serve_the_tables_given_under_a_policy(service: str, policy: str) -> None:
    endpoint = _endpoints(readable_buckets=("layers",)).named(f"endpoints-{service}").inputs
    assert (endpoint["vpcEndpointType"], endpoint["serviceName"]) == ("Gateway", f"com.amazonaws.sa-east-1.{service}")
    assert endpoint["routeTableIds"] == GIVEN["route_table_ids"]
    assert endpoint["policy"] == policy


def test_clients_alone_may_call_interface_endpoints_which_call_nobody() -> None:
    graph = _endpoints()
    (rule,) = graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["cidrIpv4"], rule.inputs["ipProtocol"]) == ("10.2.0.0/17", "tcp")
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (443, 443)
    assert graph.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []
    assert not {"egress", "ingress"} & set(graph.one("aws:ec2/securityGroup:SecurityGroup").inputs)


def test_endpoints_publish_their_ids_by_service() -> None:
    graph = _endpoints(interface_services=("kms", "ecr.api"))
    assert graph.outputs_of(graph.one("morefocus:network:Endpoints")) == {
        "security_group_id": "endpoints-security-group-id",
        "s3_prefix_list_id": "endpoints-s3-prefixes",
        "interface_endpoint_ids": {"kms": "endpoints-kms-id", "ecr.api": "endpoints-ecr-api-id"},
    }


def test_services_that_cannot_have_an_interface_endpoint_are_refused() -> None:
    with pytest.raises(ValueError, match="s3 always has its gateway endpoint"):
        EndpointsArgs(**(GIVEN | {"interface_services": ("s3",)}))
