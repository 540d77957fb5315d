"""The scheduling service of a region: table, queue, mail, users, functions, API and their watch (SCH-1 to SCH-10, API-1 to API-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components._base import Component, Context
from components._base.function import function_name
from components.data.table import Table, TableArgs
from components.edge.api_front import ApiFront, ApiFrontArgs, StandIn
from components.edge.certificate import Certificate, CertificateArgs
from components.edge.web_acl import WebAcl, WebAclArgs
from components.identity.user_pool import UserPool, UserPoolArgs
from components.identity.user_pool_log import UserPoolLog, UserPoolLogArgs
from components.messaging.mail import Mail, MailArgs
from components.messaging.work_queue import WorkQueue, WorkQueueArgs
from components.products.scheduling.duties import Reach, duties
from components.products.scheduling.functions import FUNCTIONS, ROUTED, Bundle, Runtime, build_function, component_name
from components.products.scheduling.hosts import Hosts
from components.products.scheduling.page import Watched
from components.products.scheduling.triggers import SchedulingTriggers, SchedulingTriggersArgs
from components.products.scheduling.variables import Told, variables
from components.products.scheduling.watching import SchedulingWatch, SchedulingWatchArgs
from components.serverless.contract import Contract
from components.serverless.node_function import NodeFunction
from components.serverless.rest_api import STAGE, RestApi, RestApiArgs
from config.vocabulary import DataClass, Region

TABLE, QUEUE, MAIL, API = "scheduling-table", "scheduling-jobs", "scheduling-mail", "scheduling-api"
INDEXES = {"by-time": ("gsi1pk", "gsi1sk")}
TTL = "expires_at"
ROLES = ("owner", "staff", "customer")
"""Of a tenant's users, the one that may most first (SCH-7)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topics:
    """Who is told."""

    alerts: pulumi.Input[str]
    hub_alerts: pulumi.Input[str]
    """In us-east-1: what health checks and budgets can reach."""
    hub_context: Context
    """Of alarms there: the stack's own, or `context.copy_in` of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SchedulingArgs:
    """What a region's service is made with; the caller owns keys, network, zone and buckets."""

    hosts: Hosts
    zone_id: pulumi.Input[str]
    contract: Contract
    bundle: Bundle
    runtime: Runtime
    topics: Topics
    told: Told
    files_bucket_arn: str
    copies: Mapping[Region, pulumi.Input[str]] = field(default_factory=dict)
    """Region of a copy of the table to the KMS key there; the caller has asked the transfer register (D1)."""
    failover_to: Region | None
    """Region whose API answers when this one does not; only requests move."""
    dmarc_reports: str | None
    requests_per_minute: int
    cache_seconds: int
    redrivers: Sequence[str] = ()
    """ARNs of roles of people who may move parked messages back."""
    monthly_usd: int
    runbooks: str
    owns_log_role: bool = True
    """Whether this stack tells API Gateway of the region which role writes logs."""
    protect: bool = True


class Scheduling(Component, token="products:Scheduling"):
    """Bookings, messages and payments of the tenants of one region (SCH-1 to SCH-10, API-1 to API-5).

    Which questions the table's keys answer stands in `services/scheduling/README.md`.
    """

    api_host: pulumi.Output[str]
    user_pool_id: pulumi.Output[str]
    web_client_id: pulumi.Output[str]
    mobile_client_id: pulumi.Output[str]
    sign_in_host: pulumi.Output[str]
    """Host of the sign-in pages and of the OAuth 2.0 endpoints."""
    queue_url: pulumi.Output[str]
    table_name: pulumi.Output[str]
    dashboard_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: SchedulingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        table, queue, mail = self._table(), self._queue(), self._mail()
        tokens = self._function("tokens", None, {}, None)
        users = self._users(mail, tokens)
        functions = {"tokens": tokens, **self._functions(table, queue, mail, users)}
        api = self._api(users, functions)
        front = self._front(api)
        SchedulingTriggers(
            "scheduling-triggers",
            context,
            SchedulingTriggersArgs(
                messages=functions["messages"],
                audit=functions["audit"],
                feedback=functions["feedback"],
                queue_arn=queue.arn,
                stream_arn=_known(table.stream_arn),
                feedback_topic_arn=mail.feedback_topic_arn,
                workers=args.runtime.sizes["messages"].reserved_concurrency,
            ),
            opts=self.child(),
        )
        watch = self._watch()
        self.api_host = front.host
        self.user_pool_id, self.sign_in_host = users.id, users.domain
        self.web_client_id, self.mobile_client_id = users.web_client_id, users.mobile_client_id
        self.queue_url, self.table_name = queue.url, table.name
        self.dashboard_name = watch.dashboard_name
        self.publish()

    def _table(self) -> Table:
        args = self._args
        return Table(
            TABLE,
            self.context,
            TableArgs(
                data_class=DataClass.PERSONAL,
                indexes=INDEXES,
                ttl_attribute=TTL,
                key_arn=args.runtime.key_arn,
                replicas=args.copies,
                alert_topic_arn=args.topics.alerts,
                protect=args.protect,
            ),
            opts=self.child(),
        )

    def _queue(self) -> WorkQueue:
        args = self._args
        # The outbox puts jobs there, and the worker what it puts off; by derived names, since both are told the URL of the queue.
        senders = [self.context.arn("iam", f"role/{self._named(each)}", region="") for each in ("audit", "messages")]
        return WorkQueue(
            QUEUE,
            self.context,
            WorkQueueArgs(
                key_arn=args.runtime.key_arn,
                timeout_seconds=args.runtime.sizes["messages"].timeout_seconds,
                alert_topic_arn=args.topics.alerts,
                senders=[*senders, *args.redrivers],
                protect=args.protect,
            ),
            opts=self.child(),
        )

    def _mail(self) -> Mail:
        args = self._args
        return Mail(
            MAIL,
            self.context,
            MailArgs(
                domain=args.hosts.mail,
                zone_id=args.zone_id,
                key_arn=args.runtime.key_arn,
                alert_topic_arn=args.topics.alerts,
                dmarc_report_address=args.dmarc_reports,
                protect=args.protect,
            ),
            opts=self.child(),
        )

    def _users(self, mail: Mail, tokens: NodeFunction) -> UserPool:
        args, hosts = self._args, self._args.hosts
        firewall = WebAcl(
            "scheduling-users-firewall",
            self.context,
            WebAclArgs(scope="REGIONAL", log_key_arn=args.runtime.log_key_arn, log_retention_days=args.runtime.log_retention_days),
            opts=self.child(),
        )
        users = UserPool(
            "scheduling-users",
            self.context,
            UserPoolArgs(
                roles=ROLES,
                callback_urls=[f"https://{hosts.web}/signed-in"],
                logout_urls=[f"https://{hosts.web}/signed-out"],
                mobile_callback_urls=[f"{hosts.app}://signed-in"],
                token_function_arn=tokens.arn,
                mail_identity_arn=mail.identity_arn,
                sender=f"MoreFocus <{args.told.sender}@{hosts.mail}>",
                scopes=args.contract.scopes,
                web_acl_arn=firewall.arn,
                protect=args.protect,
            ),
            opts=self.child(),
        )
        UserPoolLog(
            "scheduling-users-log",
            self.context,
            UserPoolLogArgs(
                user_pool_id=users.id, log_key_arn=args.runtime.log_key_arn, log_retention_days=args.runtime.log_retention_days
            ),
            opts=self.child(),
        )
        return users

    def _function(
        self, function: str, reach: Reach | None, told: Mapping[str, pulumi.Input[str]], parked_in: pulumi.Input[str] | None
    ) -> NodeFunction:
        statements = () if reach is None else duties(reach)[function]
        return build_function(
            self, function, self._args.bundle, self._args.runtime, statements=statements, variables=told, parked_in=parked_in
        )

    def _functions(self, table: Table, queue: WorkQueue, mail: Mail, users: UserPool) -> dict[str, NodeFunction]:
        args, context = self._args, self.context
        reach = Reach(
            region=context.region.value,
            table_name=table.name,
            table_arn=table.arn,
            stream_arn=_known(table.stream_arn),
            queue_arn=queue.arn,
            dead_letter_arn=queue.dead_letter_arn,
            files_bucket_arn=args.files_bucket_arn,
            user_pool_arn=users.arn,
            mail_identity_arn=mail.identity_arn,
            mail_configuration_arn=context.arn("ses", f"configuration-set/{context.physical(MAIL, limit=64)}"),
            key_arn=args.runtime.key_arn,
        )
        told = variables(
            args.told,
            web_host=args.hosts.web,
            mail_domain=args.hosts.mail,
            table=table.name,
            queue_url=queue.url,
            dead_letter_url=queue.dead_letter_url,
            configuration_set=mail.configuration_set,
            user_pool_id=users.id,
        )
        return {each: self._function(each, reach, told[each], queue.dead_letter_arn) for each in FUNCTIONS if each != "tokens"}

    def _api(self, users: UserPool, functions: Mapping[str, NodeFunction]) -> RestApi:
        args, hosts, runtime = self._args, self._args.hosts, self._args.runtime
        certificate = Certificate(
            "scheduling-certificate",
            self.context,
            CertificateArgs(domain=hosts.api, zone_id=args.zone_id, alternative_names=hosts.further, alert_topic_arn=args.topics.alerts),
            opts=self.child(),
        )
        api = RestApi(
            API,
            self.context,
            RestApiArgs(
                contract=args.contract,
                functions={each: functions[each].arn for each in ROUTED},
                user_pool_arn=users.arn,
                web_host=hosts.web,
                host=hosts.api,
                further_hosts=hosts.further,
                certificate_arn=certificate.arn,
                requests_per_minute=args.requests_per_minute,
                cache_seconds=args.cache_seconds,
                owns_log_role=args.owns_log_role,
                log_key_arn=runtime.log_key_arn,
                log_retention_days=runtime.log_retention_days,
                protect=args.protect,
            ),
            opts=self.child(),
        )
        WebAcl(
            "scheduling-firewall",
            self.context,
            WebAclArgs(
                scope="REGIONAL",
                log_key_arn=runtime.log_key_arn,
                protects={"api": api.stage_arn},
                behind_cdn=True,
                log_retention_days=runtime.log_retention_days,
            ),
            opts=self.child(),
        )
        return api

    def _front(self, api: RestApi) -> ApiFront:
        args, hosts, topics = self._args, self._args.hosts, self._args.topics
        return ApiFront(
            "scheduling-front",
            self.context,
            ApiFrontArgs(
                zone_id=args.zone_id,
                domain=hosts.domain,
                target_domain=api.target_domain,
                check_target_domain=api.further_targets.apply(lambda targets: targets["check"]),
                target_zone_id=api.target_zone_id,
                stands_in_for={
                    role: StandIn(region=other, target_domain=_of(api.further_targets, role)) for role, other in hosts.stands_in_for.items()
                },
                failover_to=args.failover_to,
                alert_topic_arn=topics.hub_alerts,
                alarm_context=topics.hub_context,
            ),
            opts=self.child(),
        )

    def _watch(self) -> SchedulingWatch:
        args, context = self._args, self.context
        return SchedulingWatch(
            "scheduling",
            context,
            SchedulingWatchArgs(
                watched=Watched(
                    api_name=context.physical(API, limit=255),
                    stage=STAGE,
                    functions=[self._named(each) for each in FUNCTIONS],
                    table=context.physical(TABLE, limit=255),
                    queue=context.physical(QUEUE, limit=80),
                    dead_letter_queue=context.physical(f"{QUEUE}-dead", limit=80),
                ),
                alert_topic_arn=args.topics.alerts,
                cost_topic_arn=args.topics.hub_alerts,
                runbooks=args.runbooks,
                monthly_usd=args.monthly_usd,
            ),
            opts=self.child(),
        )

    def _named(self, function: str) -> str:
        return function_name(self.context, component_name(function))


def _known(stream: pulumi.Output[str | None]) -> pulumi.Output[str]:
    return stream.apply(lambda arn: arn or "")


def _of(targets: pulumi.Output[dict[str, str]], role: str) -> pulumi.Output[str]:
    return targets.apply(lambda known: known[role])
