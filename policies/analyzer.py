"""Serves a pack to the engine: the SDK's own analyzer, which reads a stack once and not once for each policy."""

import sys
import threading
from concurrent import futures
from typing import Any

import grpc
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, Policy, ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy
from pulumi_policy.policy import PolicyResource, _NotApplicableError, _PolicyAnalyzerServicer

from policies.readers import declared
from policies.recording import Recorded, Run
from policies.values import Plain, from_wire

_LARGEST = 400 << 20


class Analyzer(_PolicyAnalyzerServicer):
    """The SDK's servicer with a faster `AnalyzeStack`.

    The SDK's reads the whole stack anew for every policy, which takes longer than all of them (0.4 s for each at 500 resources). Policies
    here read through `values.plain`, so they need no proxies either, and all are given the same list.
    """

    def __init__(self, name: str, policies: list[Policy], description: str, recorded: Recorded | None = None) -> None:
        super().__init__(name, "0.0.1", policies, EnforcementLevel.MANDATORY, description=description, display_name=description)
        self._inputs: dict[str, Any] = {}
        self._recorded = recorded
        self._run: Run | None = None
        self._resource_policies = [policy for policy in policies if isinstance(policy, ResourceValidationPolicy)]
        self._stack_policies = [policy for policy in policies if isinstance(policy, StackValidationPolicy)]

    def ConfigureStack(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Keep which stack is analysed, and whether anything will be changed."""
        self._run = Run(stack=request.stack, dry=request.dry_run)
        return super().ConfigureStack(request, _context)

    def Analyze(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Keep what the program declares of a resource: a stack's analysis tells outputs only."""
        self._inputs[request.urn] = request.properties
        return super().Analyze(request, _context)  # type: ignore[no-untyped-call]

    def Remediate(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Mend what is allowed to be mended: nothing, for most, which is asked of every resource all the same."""
        if all(self._get_enforcement_level(policy) != EnforcementLevel.REMEDIATE for policy in self._resource_policies):
            return analyzer_pb2.RemediateResponse()
        return super().Remediate(request, _context)  # type: ignore[no-untyped-call]

    def AnalyzeStack(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Run every policy that is not disabled; answer with diagnostics and what is not applicable."""
        response = analyzer_pb2.AnalyzeResponse()
        resources = self._resources(request)
        levels = {policy.name: self._get_enforcement_level(policy) for policy in self._stack_policies}
        for policy in self._stack_policies:
            level = levels[policy.name]
            if level == EnforcementLevel.DISABLED:
                continue
            if level == EnforcementLevel.REMEDIATE:
                level = EnforcementLevel.MANDATORY
            report = self._create_report_violation(response, policy.name, policy.description, level, policy.severity)
            try:
                policy.validate(StackValidationArgs(resources, self._get_policy_config(policy.name)), report)
            except _NotApplicableError as error:
                response.not_applicable.append(analyzer_pb2.PolicyNotApplicable(policy_name=policy.name, reason=error.reason or ""))
        if self._recorded is not None and self._run is not None:
            self._recorded(self._run, levels)
        return response

    def _resources(self, request: Any) -> list[PolicyResource]:
        resources, providers = {}, {}
        for each in request.resources:
            if each.provider.urn not in providers:
                providers[each.provider.urn] = self._get_provider_resource(each)
            props = from_wire(each.properties)
            if each.urn in self._inputs:
                props = Plain(declared(from_wire(self._inputs[each.urn]), props))
            provider = providers[each.provider.urn]
            resources[each.urn] = PolicyResource(
                each.type, props, each.urn, each.name, self._get_resource_options(each), provider, None, [], {}
            )
        for each in request.resources:
            resource = resources[each.urn]
            resource.parent = resources.get(each.parent)
            resource.dependencies = [resources[urn] for urn in each.dependencies if urn in resources]
            resource.property_dependencies = {
                key: [resources[urn] for urn in made_of.urns if urn in resources] for key, made_of in each.propertyDependencies.items()
            }
        return list(resources.values())


def serve(analyzer: Analyzer) -> None:
    """Serve on loopback until the engine ends this process; the port is the first line printed, as the engine expects."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=[("grpc.max_receive_message_length", _LARGEST)])
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(analyzer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    threading.Event().wait()
