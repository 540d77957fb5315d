import json

from moto.iam.aws_managed_policies import aws_managed_policies_data

from components.cluster.addon_catalogue import ADDON_NAMES, NODE_ADDONS, WORKLOAD_ADDONS


def test_every_managed_policy_is_one_that_aws_has() -> None:
    known = {f"{policy['Path'].lstrip('/')}{name}" for name, policy in json.loads(aws_managed_policies_data).items()}
    identities = [addon.identity for addon in (*NODE_ADDONS, *WORKLOAD_ADDONS) if addon.identity]
    assert len(identities) == 3
    assert {identity.managed_policy for identity in identities} <= known


def test_network_policies_are_enforced() -> None:
    (network,) = [addon for addon in NODE_ADDONS if addon.name == "vpc-cni"]
    told = json.loads(network.configuration or "{}")
    assert told["enableNetworkPolicy"] == "true"
    # In the mode `strict` they would not hold for pods that have a security group of their own.
    assert told["env"] == {"ENABLE_POD_ENI": "true", "POD_SECURITY_GROUP_ENFORCING_MODE": "standard"}


def test_no_addon_is_installed_twice() -> None:
    assert len(set(ADDON_NAMES)) == len(ADDON_NAMES)
