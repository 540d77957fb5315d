"""The one entry of a service's functions: a regional REST API that is what its contract says (API-1 to API-5, SCH-2, SCH-9)."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_aws.apigateway._inputs import MethodSettingsSettingsArgsDict
from pulumi_aws.apigateway.account import Account
from pulumi_aws.apigateway.base_path_mapping import BasePathMapping
from pulumi_aws.apigateway.deployment import Deployment
from pulumi_aws.apigateway.domain_name import DomainName
from pulumi_aws.apigateway.method_settings import MethodSettings
from pulumi_aws.apigateway.rest_api import RestApi as GatewayRestApi
from pulumi_aws.apigateway.stage import Stage
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.ec2.get_managed_prefix_list import get_managed_prefix_list_output
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment
from pulumi_aws.lambda_.permission import Permission

from components._base import Component, Context, assume_role
from components._base.log_retention import check_retention
from components.serverless.access import CLOUDFRONT, admission, health_checkers
from components.serverless.api_clients import ApiClients, ApiClientsArgs
from components.serverless.contract import Contract
from components.serverless.gateway_document import gateway_document
from config.vocabulary import DataClass

SECURITY_POLICY = "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"
"""TLS 1.3, post-quantum key exchange where the caller has it; the floor is 1.2 with forward secrecy, which CloudFront asks origins by (D9).

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html (2026-11-22),
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-ciphers-cloudfront-to-origin.html
"""
STAGE = "live"
BASE_PATH = "api"
_LOGGED = {
    "request": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "method": "$context.httpMethod",
    # The route as the contract has it, never the path that was asked for: ids of persons and resources stand in that.
    "route": "$context.resourcePath",
    "operation": "$context.operationName",
    "status": "$context.status",
    "client": "$context.identity.apiKeyId",
    "tenant": "$context.authorizer.claims.tenant",
    "latency": "$context.responseLatency",
    "integration_latency": "$context.integration.latency",
    "length": "$context.responseLength",
    "error": "$context.error.responseType",
    "firewall": "$context.wafResponseCode",
    "tls": "$context.tlsVersion",
    "trace": "$context.xrayTraceId",
}
"""What is written of each request: no address, no query, no user, no token.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html"""
_LOG_DUTY = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_SIZES = ("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237")


@dataclass(frozen=True, kw_only=True, slots=True)
class RestApiArgs:
    """What is served, by which functions, under which names, to whom and how much.

    Raises ContractError when a route names a function that is not given, or a function has no route; ValueError naming the option else.
    """

    contract: Contract
    functions: Mapping[str, pulumi.Input[str]]
    """Value of `x-function` to the ARN of the function's alias."""
    user_pool_arn: pulumi.Input[str]
    """Pool whose access tokens open what is not public."""
    web_host: str
    """Host of the web client: the only one whose pages browsers let call the API."""
    host: str
    """Name by which CloudFront reaches the region's API, such as `api.use1.example.com`; every path begins with `/api`."""
    further_hosts: Mapping[str, str] = field(default_factory=dict)
    """Short name to a further host: that of health checks, and those of regions it stands in for."""
    certificate_arn: pulumi.Input[str]
    """Certificate for all hosts, in this region."""
    clients: Sequence[str] = ("web", "mobile")
    """Programs that call it, each with a key by which its requests are counted and limited."""
    requests_per_minute: int = 1_000
    """Of one client's key (API-1)."""
    requests_per_second: int = 500
    """Of all callers together, on each route."""
    burst: int = 250
    """Requests at once on a route, beyond the rate."""
    cache_seconds: int = 300
    """Longest that an answer is kept, whatever the contract allows (API-3); 0 keeps none, and pays for no cache."""
    cache_gb: str = "0.5"
    health_route: str = "/v1/health"
    """Route that Route 53's health checkers may call."""
    owns_log_role: bool = True
    """Whether this stack tells API Gateway of the region which role writes logs; one stack of an account and region does."""
    log_key_arn: pulumi.Input[str]
    log_retention_days: int = 365
    protect: bool = True

    def __post_init__(self) -> None:
        self.contract.check_functions(tuple(self.functions))
        for option, host in (
            ("web_host", self.web_host),
            ("host", self.host),
            *(("further_hosts", each) for each in self.further_hosts.values()),
        ):
            if not _HOST.fullmatch(host):
                raise ValueError(f"{option} must be a host's name such as 'api.example.com' (got {host!r})")
        hosts = [self.host, *self.further_hosts.values()]
        if len(set(hosts)) != len(hosts):
            raise ValueError(f"host and further_hosts must all differ (got {', '.join(hosts)})")
        if "main" in self.further_hosts:
            raise ValueError(f"further_hosts must not use 'main', which stands for host {self.host!r}")
        for option in ("requests_per_second", "burst"):
            if getattr(self, option) < 1:
                raise ValueError(f"{option} must be at least 1 (got {getattr(self, option)})")
        if not 0 <= self.cache_seconds <= 3600:
            raise ValueError(f"cache_seconds must be 0 to 3600 (got {self.cache_seconds})")
        if self.cache_gb not in _SIZES:
            raise ValueError(f"cache_gb must be one of {', '.join(_SIZES)} (got {self.cache_gb!r})")
        if not any(each.path == self.health_route and each.method == "get" and each.public for each in self.contract.operations):
            raise ValueError(f"health_route must be a public GET of the contract (got {self.health_route!r})")
        check_retention("log_retention_days", self.log_retention_days)


class RestApi(Component, token="serverless:RestApi"):
    """An API whose body is derived from the contract, its stage with logs and traces, its names, and its clients (API-1 to API-5).

    Requests come through CloudFront: the resource policy admits its servers, and Route 53's health checkers to one route. A web ACL takes
    `stage_arn`. AWS's own name of the API answers nobody.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    """As metrics have it (`ApiName`)."""
    stage: pulumi.Output[str]
    stage_arn: pulumi.Output[str]
    execution_arn: pulumi.Output[str]
    """Of the stage: what callers are allowed on is below it."""
    invoke_url: pulumi.Output[str]
    """What CloudFront asks, without the version; callers come through CloudFront."""
    host: pulumi.Output[str]
    target_domain: pulumi.Output[str]
    """Where a record of `host` leads."""
    target_zone_id: pulumi.Output[str]
    further_targets: pulumi.Output[dict[str, str]]
    """Short name of a further host to where its record leads; all are of `target_zone_id`."""
    log_group_name: pulumi.Output[str]
    usage_plan_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: RestApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        body = self._body()
        api = GatewayRestApi(
            f"{name}-api",
            name=context.physical(name, limit=255),
            description=f"{context.project} {context.environment} {', '.join(args.contract.documents)}",
            body=body,
            endpoint_configuration={"types": "REGIONAL", "ip_address_type": "ipv4"},
            disable_execute_api_endpoint=True,
            security_policy=SECURITY_POLICY,
            # The name in the handshake must be the one that is asked for: no domain fronting.
            endpoint_access_mode="STRICT",
            minimum_compression_size="1024",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-api"),
            opts=self.child(protect=args.protect),
        )
        stage, logs = self._stage(api, body)
        self._permissions(api)
        targets = {role: self._name_of(role, host, api, stage) for role, host in {"main": args.host, **args.further_hosts}.items()}
        clients = ApiClients(
            f"{name}-clients",
            context,
            ApiClientsArgs(
                api_id=api.id,
                stage=stage.stage_name,
                clients=tuple(args.clients),
                requests_per_minute=args.requests_per_minute,
                log_group_name=logs.name,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.id, self.name = api.id, api.name
        self.stage, self.stage_arn = stage.stage_name, stage.arn
        self.execution_arn = pulumi.Output.concat(api.execution_arn, "/", STAGE)
        self.invoke_url = pulumi.Output.from_input(f"https://{args.host}/{BASE_PATH}")
        self.host = pulumi.Output.from_input(args.host)
        self.target_domain, self.target_zone_id = targets["main"].regional_domain_name, targets["main"].regional_zone_id
        further = {role: targets[role].regional_domain_name for role in args.further_hosts}
        self.further_targets = pulumi.Output.all(**further) if further else pulumi.Output.from_input({})
        self.log_group_name, self.usage_plan_id = logs.name, clients.usage_plan_id
        self.publish()

    def _body(self) -> pulumi.Output[str]:
        """The document that is imported; each `up` reads anew which addresses CloudFront and health checkers have."""
        args, context = self._args, self.context
        invoke = pulumi.InvokeOutputOptions(parent=self)
        servers = get_managed_prefix_list_output(name=CLOUDFRONT, opts=invoke)
        checkers = get_managed_prefix_list_output(name=health_checkers(context.region), opts=invoke)

        def written(known: Mapping[str, Any]) -> str:
            made = gateway_document(
                args.contract,
                title=context.physical(self._component, limit=255),
                region=context.region.value,
                functions=known["functions"],
                user_pool_arns=[known["pool"]],
                web_origin=f"https://{args.web_host}",
            )
            made["x-amazon-apigateway-policy"] = admission(
                STAGE,
                servers=[entry["cidr"] for entry in known["servers"]],
                checkers=[entry["cidr"] for entry in known["checkers"]],
                health_route=args.health_route,
            )
            # Sorted: the same contract gives the same text, and the same deployment.
            return json.dumps(made, sort_keys=True, separators=(",", ":"))

        inputs = {"pool": args.user_pool_arn, "functions": dict(args.functions), "servers": servers.entries, "checkers": checkers.entries}
        return pulumi.Output.from_input(inputs).apply(written)

    def _stage(self, api: GatewayRestApi, body: pulumi.Output[str]) -> tuple[Stage, LogGroup]:
        args, name = self._args, self._component
        # Routes and policy take effect by a deployment: another document is another one.
        deployment = Deployment(f"{name}-deployment", rest_api=api.id, triggers={"body": body.apply(_digest)}, opts=self.child())
        logs = LogGroup(
            f"{name}-logs",
            name=f"/aws/apigateway/{self.context.physical(name)}",
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            tags=self.tags(DataClass.LOGS, name=f"{name}-logs"),
            opts=self.child(),
        )
        keeps = bool(args.contract.cached) and args.cache_seconds > 0
        stage = Stage(
            f"{name}-stage",
            rest_api=api.id,
            deployment=deployment.id,
            stage_name=STAGE,
            description="The only stage: versions stand side by side below it",
            cache_cluster_enabled=keeps,
            cache_cluster_size=args.cache_gb if keeps else None,
            xray_tracing_enabled=True,
            access_log_settings={"destination_arn": logs.arn, "format": json.dumps(_LOGGED, separators=(",", ":"))},
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-stage"),
            opts=self.child(depends_on=self._log_role()),
        )
        every = MethodSettings(
            f"{name}-every-method",
            rest_api=api.id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings=self._settings(0),
            opts=self.child(),
        )
        for operation in args.contract.cached if keeps else ():
            assert operation.cache is not None  # noqa: S101 - `cached` lists no other
            MethodSettings(
                f"{name}-cached-{_kebab(operation.id)}",
                rest_api=api.id,
                stage_name=stage.stage_name,
                # As GetStage shows it: otherwise it is kept under a path that the provider then does not find.
                method_path=f"{operation.path.replace('/', '~1')}/{operation.method.upper()}",
                settings=self._settings(min(operation.cache.seconds, args.cache_seconds)),
                # Settings of a stage are changed one after another.
                opts=self.child(depends_on=[every]),
            )
        return stage, logs

    def _settings(self, seconds: int) -> MethodSettingsSettingsArgsDict:
        """Metrics and limits for every method; of what a method has settings for, it inherits nothing."""
        settings: MethodSettingsSettingsArgsDict = {
            "metrics_enabled": True,
            "logging_level": "ERROR",
            # It would write bodies and headers: persons and tokens.
            "data_trace_enabled": False,
            "throttling_rate_limit": self._args.requests_per_second,
            "throttling_burst_limit": self._args.burst,
            "caching_enabled": seconds > 0,
            "cache_data_encrypted": True,
        }
        if seconds > 0:
            settings["cache_ttl_in_seconds"] = seconds
            settings["require_authorization_for_cache_control"] = True
            settings["unauthorized_cache_control_header_strategy"] = "SUCCEED_WITHOUT_RESPONSE_HEADER"
        return settings

    def _log_role(self) -> list[pulumi.Resource]:
        """Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html#set-up-access-logging-permissions."""
        if not self._args.owns_log_role:
            return []
        name = self._component
        role = Role(
            f"{name}-log-role",
            name=self.context.physical(f"{name}-logs", limit=64),
            description="Lets API Gateway of this region write its logs",
            assume_role_policy=assume_role("apigateway.amazonaws.com"),
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-log-role"),
            opts=self.child(),
        )
        duty = RolePolicyAttachment(f"{name}-log-duty", role=role.name, policy_arn=_LOG_DUTY, opts=self.child())
        return [Account(f"{name}-account", cloudwatch_role_arn=role.arn, opts=self.child(depends_on=[duty]))]

    def _permissions(self, api: GatewayRestApi) -> None:
        """Let the stage, and no other API, call each function's alias."""
        for function, arn in self._args.functions.items():
            alias = pulumi.Output.from_input(arn)
            Permission(
                f"{self._component}-calls-{function}",
                statement_id=f"{self.context.physical(self._component)}-{function}"[:100],
                action="lambda:InvokeFunction",
                function=alias.apply(lambda known: known.rpartition(":")[0]),
                qualifier=alias.apply(lambda known: known.rpartition(":")[2]),
                principal="apigateway.amazonaws.com",
                source_account=self.context.account_id,
                source_arn=pulumi.Output.concat(api.execution_arn, "/", STAGE, "/*"),
                opts=self.child(),
            )

    def _name_of(self, role: str, host: str, api: GatewayRestApi, stage: Stage) -> DomainName:
        infix = "" if role == "main" else f"-{role}"
        domain = DomainName(
            f"{self._component}-domain{infix}",
            domain_name=host,
            regional_certificate_arn=self._args.certificate_arn,
            endpoint_configuration={"types": "REGIONAL", "ip_address_type": "ipv4"},
            security_policy=SECURITY_POLICY,
            endpoint_access_mode="STRICT",
            routing_mode="BASE_PATH_MAPPING_ONLY",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-domain{infix}"),
            opts=self.child(protect=self._args.protect),
        )
        BasePathMapping(
            f"{self._component}-mapping{infix}",
            domain_name=domain.domain_name,
            rest_api=api.id,
            stage_name=stage.stage_name,
            base_path=BASE_PATH,
            opts=self.child(),
        )
        return domain


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _kebab(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text).lower()
