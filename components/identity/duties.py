"""What the roles of people are for, and what each needs: plain policy documents (SEC-1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from components._base import Context
from components._base.policy_document import Document, allow, deny, document
from components.identity.boundary_document import SERVICE_ROLES, SERVICES

BREAK_GLASS = "break-glass"


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One role's purpose, AWS's policies for it by name, and the estate's own document."""

    purpose: str
    aws_policies: tuple[str, ...] = ()
    document: Document | None = None
    bounded: bool = True


def duties(context: Context) -> Mapping[str, Duty]:
    """Return the duties by short name; the role of each is `platform-<name>`."""
    return {
        "administrator": Duty(
            purpose="Runs the platform and its clusters, and gives people their first password", document=_administer(context)
        ),
        "operator": Duty(
            purpose="Watches and restarts: dashboards, logs, sessions on nodes, failovers; sees no stored data",
            aws_policies=("job-function/ViewOnlyAccess",),
            document=_operate(context),
        ),
        # Not ReadOnlyAccess, which reads every object, table and queue: an auditor needs the settings, not the data.
        "auditor": Duty(purpose="Reads every setting and no data", aws_policies=("SecurityAudit", "job-function/ViewOnlyAccess")),
        "billing": Duty(purpose="Reads costs and budgets", aws_policies=("AWSBillingReadOnlyAccess",)),
        BREAK_GLASS: Duty(
            purpose="Repairs what nobody else may touch; every use raises an alert",
            aws_policies=("AdministratorAccess",),
            bounded=False,
        ),
    }


_LET_IN_AND_OUT = ("iam:CreateLoginProfile", "iam:UpdateLoginProfile", "iam:DeleteLoginProfile", "iam:DeactivateMFADevice")


def people_path(groups: Collection[str]) -> str:
    """Return the path of a person in these groups: those who may break the glass are apart, out of the administrators' reach.

    Their first password is given under the break-glass role itself, or by the account's root user (SEC-9).
    """
    return f"/people/{BREAK_GLASS}/" if BREAK_GLASS in groups else "/people/"


def _administer(context: Context) -> Document:
    people, repairers = ([context.arn("iam", f"user{path}*", region="")] for path in ("/people/", people_path([BREAK_GLASS])))
    return document(
        allow(*(f"{service}:*" for service in SERVICES if service not in ("iam", "sts")), on=["*"], sid="RunThePlatform"),
        allow("iam:Get*", "iam:List*", "iam:SimulatePrincipalPolicy", "iam:GenerateCredentialReport", on=["*"], sid="SeeIdentities"),
        allow(*_LET_IN_AND_OUT, on=people, sid="LetPeopleInAndOut"),
        # With their password and a device of one's own one would be them, and take on the role without a boundary.
        deny(*_LET_IN_AND_OUT, on=repairers, sid="ButNotThoseWhoRepair"),
        allow(
            "iam:PassRole",
            on=[context.arn("iam", SERVICE_ROLES, region="")],
            when={
                "StringEquals": {
                    "iam:PassedToService": [
                        *("apigateway.amazonaws.com", "backup.amazonaws.com", "codedeploy.amazonaws.com"),
                        *("ec2.amazonaws.com", "eks.amazonaws.com", "lambda.amazonaws.com"),
                        *("monitoring.rds.amazonaws.com", "s3.amazonaws.com", "vpc-flow-logs.amazonaws.com"),
                    ]
                }
            },
            sid="GiveServicesTheirRoles",
        ),
    )


def _operate(context: Context) -> Document:
    ours = {"StringEquals": {"aws:ResourceTag/managed-by": "pulumi"}}
    return document(
        allow("eks:AccessKubernetesApi", "eks:DescribeCluster", "eks:ListClusters", on=["*"], sid="SeeClusters"),
        allow(
            *("cloudwatch:GetMetricData", "cloudwatch:GetDashboard", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetQueryResults"),
            *("logs:StartQuery", "logs:StopQuery", "pi:GetResourceMetrics"),
            on=["*"],
            sid="ReadMetricsAndLogs",
        ),
        allow("ssm:StartSession", on=[context.arn("ec2", "instance/*", region="*")], when=ours, sid="OpenSessionsOnNodes"),
        allow(
            "ssm:StartSession",
            on=[context.arn("ssm", "document/SSM-SessionManagerRunShell", region="*")],
            sid="OpenSessionsWithTheStandardShell",
        ),
        allow(
            *("ssm:ResumeSession", "ssm:TerminateSession"),
            on=[context.arn("ssm", "session/${aws:userid}-*", region="*")],
            sid="EndOwnSessions",
        ),
        allow(
            *("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup", "ec2:RebootInstances"),
            *("elasticache:TestFailover", "rds:RebootDBInstance", "backup:StartBackupJob"),
            on=["*"],
            when=ours,
            sid="RestartWhatTheEstateMade",
        ),
        allow("cloudfront:CreateInvalidation", on=[context.arn("cloudfront", "distribution/*", region="")], sid="EmptyTheEdge"),
    )
