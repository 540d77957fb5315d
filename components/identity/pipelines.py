"""How pipelines of GitLab act in the account without any key (SEC-1, SEC-9)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.iam.open_id_connect_provider import OpenIdConnectProvider
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment

from components._base import Component, Context, Principal
from components._base.policy_document import Conditions, Document, allow, deny, document
from components.identity.boundary_document import SERVICES
from config.vocabulary import DataClass, Environment

_SESSION_SECONDS = 3600
_READING = ("SecurityAudit", "job-function/ViewOnlyAccess")
"""Settings and no data: what a look for drift compares with."""
_READING_BESIDE = (
    *("backup:GetRestoreTestingPlan", "backup:GetRestoreTestingSelection", "budgets:ListTagsForResource", "budgets:ViewBudget"),
    *("cloudfront:DescribeFunction", "cloudfront:DescribeKeyValueStore", "cloudtrail:GetEventConfiguration"),
    *("cognito-idp:GetLogDeliveryConfiguration", "cognito-idp:GetUserPoolMfaConfig", "cognito-idp:GetWebACLForResource"),
    *("elasticloadbalancing:GetLoadBalancerWebACL", "lambda:GetAlias", "lambda:GetEventSourceMapping", "lambda:GetFunction"),
    *("lambda:GetFunctionRecursionConfig", "lambda:GetFunctionScalingConfig", "logs:GetDataProtectionPolicy", "logs:GetDelivery"),
    *("logs:GetDeliveryDestination", "logs:GetDeliveryDestinationPolicy", "logs:GetDeliverySource", "macie2:GetCustomDataIdentifier"),
    *("s3:GetIntelligentTieringConfiguration", "s3:ListTagsForResource", "scheduler:GetSchedule"),
)
"""Settings of the estate's types that AWS's own reading policies leave out.

Source: `handlers.read.permissions` of CloudFormation's schemas, as cfn-lint 1.58.0 ships them; a test compares.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class PipelinesArgs:
    """Which GitLab, which project, and which branch deploys which environment.

    Raises ValueError for an address that is not https, a project or branch that could match more than itself, and no branch at all.
    """

    url: str
    """Address of the GitLab, such as https://gitlab.com: issuer and audience of its tokens."""
    project: str
    """Group and project, such as `group/project`."""
    branches: Mapping[Environment, str]
    """The one branch whose pipelines deploy the environment."""
    boundary_arn: pulumi.Input[str]
    state_bucket: str
    """Bucket of the states, whose key has the alias of the same name (scripts/state)."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"https://[a-z0-9.-]+(/[\w./-]*\w)?", self.url):
            raise ValueError(f"url must be the https address of a GitLab, without a slash at its end (got {self.url!r})")
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+", self.project):
            raise ValueError(f"project must be group/project without wildcards (got {self.project!r})")
        if not self.branches:
            raise ValueError("branches must name the branch of at least one environment (got none)")
        for branch in self.branches.values():
            if not re.fullmatch(r"[\w./-]+", branch):
                raise ValueError(f"a branch is named in full, without wildcards (got {branch!r})")

    @property
    def issuer(self) -> str:
        """The address as IAM writes it in ARNs and condition keys."""
        return self.url.removeprefix("https://")


def deployer_trust(context: Context, args: PipelinesArgs, branch: str) -> Document:
    """Return the trust policy of an environment's role: tokens of jobs on exactly this branch of exactly this project.

    Source: https://docs.gitlab.com/ci/cloud_services/aws/ and https://docs.gitlab.com/ci/secrets/id_token_authentication (claim sub).
    """
    return _trust(context, args, {"StringEquals": _audience(args) | _subject(args, branch)})


def preview_trust(context: Context, args: PipelinesArgs) -> Document:
    """Return the trust policy of the reading role: tokens of any branch of the project, merge requests among them."""
    return _trust(context, args, {"StringEquals": _audience(args), "StringLike": _subject(args, "*")})


def _audience(args: PipelinesArgs) -> dict[str, str]:
    return {f"{args.issuer}:aud": args.url}


def _subject(args: PipelinesArgs, branch: str) -> dict[str, str]:
    return {f"{args.issuer}:sub": f"project_path:{args.project}:ref_type:branch:ref:{branch}"}


def _trust(context: Context, args: PipelinesArgs, when: Conditions) -> Document:
    provider = Principal.federated(context.arn("iam", f"oidc-provider/{args.issuer}", region=""))
    return document(allow("sts:AssumeRoleWithWebIdentity", to=[provider], when=when, sid="PipelinesOfTheProject"))


def reading(context: Context, bucket: str) -> Document:
    """Return what a preview needs beside AWS's own policies.

    These are settings that those leave out, the states, and to open the secrets in them, which the program is given again.

    The bucket is made before any stack, so its key is known by alias only.
    Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    return document(
        allow(*_READING_BESIDE, on=["*"], sid="ReadSettings"),
        allow("s3:GetObject", on=[f"arn:aws:s3:::{bucket}/*"], sid="ReadStates"),
        allow("s3:ListBucket", on=[f"arn:aws:s3:::{bucket}"], sid="FindStates"),
        allow(
            "kms:Decrypt",
            on=[context.arn("kms", "key/*")],
            when={"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{bucket}"}},
            sid="OpenSecretsOfStates",
        ),
    )


def deployment(environment: Environment) -> Document:
    """Return what a pipeline may do: everything the estate is made of, but nothing that carries another environment's tag."""
    return document(
        # What may be done with IAM and STS, the boundary says.
        allow(*(f"{service}:*" for service in SERVICES if service != "sts"), "sts:GetCallerIdentity", on=["*"], sid="BuildTheEstate"),
        deny(
            "*",
            on=["*"],
            when={
                "StringNotEquals": {"aws:ResourceTag/environment": environment.value},
                "Null": {"aws:ResourceTag/environment": "false"},
            },
            sid="OtherEnvironmentsStay",
        ),
    )


class Pipelines(Component, token="identity:Pipelines"):
    """GitLab as identity provider, a role for each environment bound to its branch, and a reading one for merge requests (SEC-1, SEC-9)."""

    provider_arn: pulumi.Output[str]
    preview_role_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: PipelinesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        provider = OpenIdConnectProvider(
            f"{name}-provider",
            url=args.url,
            client_id_lists=[args.url],
            # No thumbprints: gitlab.com is checked by AWS's own list of authorities, and of any other address IAM fetches it itself.
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-provider"),
            opts=self.child(),
        )
        for environment, branch in args.branches.items():
            short = f"deploys_{environment}"
            role = self._role(short, f"gitlab-{environment}", deployer_trust(context, args, branch), args.boundary_arn, provider)
            RolePolicy(f"{name}-{short}-duty", name="duty", role=role.name, policy=deployment(environment), opts=self.child())
        preview = self._role("previews", "gitlab-preview", preview_trust(context, args), args.boundary_arn, provider)
        for policy in _READING:
            RolePolicyAttachment(
                f"{name}-previews-{policy.rpartition('/')[2]}",
                role=preview.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self.child(),
            )
        RolePolicy(
            f"{name}-previews-duty",
            name="duty",
            role=preview.name,
            policy=reading(context, args.state_bucket),
            opts=self.child(),
        )
        self.provider_arn = provider.arn
        self.preview_role_arn = preview.arn
        self.publish()

    def _role(self, short: str, role_name: str, trust: Document, boundary_arn: pulumi.Input[str], provider: OpenIdConnectProvider) -> Role:
        logical = f"{self._component}-{short}"
        return Role(
            logical,
            name=role_name,
            description="Pipelines of GitLab, for an hour at most",
            assume_role_policy=trust,
            permissions_boundary=boundary_arn,
            max_session_duration=_SESSION_SECONDS,
            tags=self.tags(DataClass.OPERATIONAL, name=role_name),
            # IAM refuses a trust in a provider that is not there; the document names it by its ARN, not by an output.
            opts=self.child(depends_on=[provider]),
        )
