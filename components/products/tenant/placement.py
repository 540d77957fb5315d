"""The rule that keeps a tenant's nodes to that tenant."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.admissionregistration.v1 import (
    MatchResourcesArgs,
    NamedRuleWithOperationsArgs,
    ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
    ValidatingAdmissionPolicyBindingSpecArgs,
    ValidatingAdmissionPolicySpecArgs,
    ValidationArgs,
    VariableArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, LabelSelectorRequirementArgs, ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels

POOL_LABEL, TENANT_LABEL = "morefocus.com/node-pool", "morefocus.com/tenant"
NODE_LABEL = "node-pool"
"""Label and taint of the nodes of a pool."""
_POOL = f"namespaceObject.metadata.labels[?'{POOL_LABEL}'].orValue('')"
_STANDS = (
    f"variables.pool == '' || (has(object.spec.nodeSelector) && object.spec.nodeSelector[?'{NODE_LABEL}'].orValue('') == variables.pool)"
)
_KEEPS_OUT = (
    "!has(object.spec.tolerations) || object.spec.tolerations.all(t, has(t.key) && t.key != '' && "
    f"(t.key != '{NODE_LABEL}' || (variables.pool != '' && has(t.value) && t.value == variables.pool)))"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantPlacementArgs:
    """What the rule is called in the cluster."""

    policy: str = "tenant-placement"


class TenantPlacement(Component, token="products:TenantPlacement"):
    """Pods of a tenant with nodes of its own stand on these, and pods of every other tenant are kept off them (NET-8, D3).

    The API server judges each pod by its namespace's labels, which no tenant can change. One rule serves all tenants.
    Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
    """

    policy: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: TenantPlacementArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        meta = ObjectMetaArgs(name=args.policy, labels=labels(context, name))
        tenants = LabelSelectorArgs(match_expressions=[LabelSelectorRequirementArgs(key=TENANT_LABEL, operator="Exists")])
        pods = NamedRuleWithOperationsArgs(api_groups=[""], api_versions=["v1"], operations=["CREATE", "UPDATE"], resources=["pods"])
        policy = ValidatingAdmissionPolicy(
            f"{name}-policy",
            metadata=meta,
            spec=ValidatingAdmissionPolicySpecArgs(
                failure_policy="Fail",
                match_constraints=MatchResourcesArgs(namespace_selector=tenants, resource_rules=[pods]),
                variables=[VariableArgs(name="pool", expression=_POOL)],
                validations=[
                    ValidationArgs(
                        expression=_STANDS, message=f"a pod here needs nodeSelector {NODE_LABEL} of its namespace's {POOL_LABEL}"
                    ),
                    ValidationArgs(
                        expression=_KEEPS_OUT, message=f"a pod here tolerates no {NODE_LABEL} but its own tenant's, and not every taint"
                    ),
                ],
            ),
            opts=self.child(),
        )
        ValidatingAdmissionPolicyBinding(
            f"{name}-binding",
            metadata=meta,
            spec=ValidatingAdmissionPolicyBindingSpecArgs(policy_name=args.policy, validation_actions=["Deny"]),
            opts=self.child(depends_on=[policy]),
        )
        self.policy = policy.metadata.apply(lambda metadata: str(metadata.name))
        self.publish()
