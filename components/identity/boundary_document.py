"""How far a role of people or pipelines may ever go, whatever its own policies say: plain policy documents (SEC-1).

What is denied here is denied to whoever carries the boundary; changing it takes the break-glass role, which carries none.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from collections.abc import Sequence

from components._base import Context
from components._base.policy_document import Document, Statement, allow, deny, deny_elsewhere, document
from config.vocabulary import Region

SERVICES = (
    *("access-analyzer", "acm", "apigateway", "application-autoscaling", "autoscaling", "autoscaling-plans", "backup"),
    *("backup-storage", "budgets", "ce", "cloudfront", "cloudfront-keyvaluestore", "cloudtrail", "cloudwatch", "codedeploy"),
    *(
        "cognito-idp",
        "config",
        "dynamodb",
        "ec2",
        "ecr",
        "eks",
        "elasticache",
        "elasticfilesystem",
        "elasticloadbalancing",
        "events",
        "firehose",
    ),
    *("guardduty", "iam", "inspector2", "kms", "lambda", "logs", "macie2", "pi", "pricing", "rds", "route53", "s3"),
    *("savingsplans", "scheduler", "secretsmanager", "securityhub", "servicequotas", "ses", "shield", "sns", "sqs", "ssm"),
    *("ssmmessages", "states", "sts", "synthetics", "tag", "wafv2"),
)
"""Services the estate is made of, by their prefix in IAM; no role reaches any other."""

BOUNDARIES = "policy/boundaries/*"
KEPT_ROLES = ("role/platform-break-glass", "role/gitlab-*")
"""Roles that none but the break-glass role may change: the way around every boundary, and the pipelines' own."""
SERVICE_ROLES = "role/morefocus-*"
"""Roles that the estate's components give to AWS's services; they trust services only."""

_ENDING = (
    *("access-analyzer:DeleteAnalyzer", "cloudtrail:DeleteTrail", "cloudtrail:StopLogging"),
    *("config:DeleteConfigurationRecorder", "config:DeleteDeliveryChannel", "config:StopConfigurationRecorder"),
    *("guardduty:DeleteDetector", "guardduty:DisassociateFromAdministratorAccount", "guardduty:StopMonitoringMembers"),
    *("inspector2:Disable", "macie2:DisableMacie", "securityhub:DisableSecurityHub"),
)
_LOOSENING = (
    *("cloudtrail:PutEventSelectors", "cloudtrail:UpdateTrail", "config:PutConfigurationRecorder"),
    *("guardduty:CreateFilter", "guardduty:UpdateDetector", "iam:DeleteAccountPasswordPolicy"),
)
"""Changes that can blind a guard while it stands; pipelines make them from reviewed code."""

_STANDING_CREDENTIALS = (
    "iam:CreateAccessKey",
    "iam:CreateServiceSpecificCredential",
    "iam:UploadSSHPublicKey",
    "iam:UploadSigningCertificate",
)
_PEOPLE = ("iam:AddUserToGroup", "iam:AttachUserPolicy", "iam:CreateUser", "iam:DeleteUser", "iam:PutUserPolicy", "iam:RemoveUserFromGroup")
_GROUPS = ("iam:AttachGroupPolicy", "iam:DeleteGroup", "iam:DetachGroupPolicy", "iam:PutGroupPolicy")
_SIGN_IN = (
    "iam:CreateLoginProfile",
    "iam:CreateVirtualMFADevice",
    "iam:DeactivateMFADevice",
    "iam:EnableMFADevice",
    "iam:UpdateLoginProfile",
)
_ROLE_GIVING = ("iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")
"""Actions that IAM judges by the boundary of the role they are about.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (iam:PermissionsBoundary).
"""
_ROLE_CHANGES = (
    *_ROLE_GIVING,
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
)


def people_boundary(context: Context, regions: Sequence[Region]) -> Document:
    """Return the boundary of people's roles: they make nobody, and every role they make carries a boundary."""
    return document(
        *_common(context, regions),
        deny(*_LOOSENING, on=["*"], sid="GuardsStayAsTheyAre"),
        deny(*_PEOPLE, *_GROUPS, on=["*"], sid="PeopleComeFromTheConfiguration"),
        deny(*_ROLE_GIVING, on=["*"], when=_unbounded(context), sid="RolesCarryABoundary"),
    )


def pipeline_boundary(context: Context, regions: Sequence[Region]) -> Document:
    """Return the boundary of pipelines: they provision people, but cannot sign in as one, nor act as a role of people."""
    own_people = [context.arn("iam", f"{kind}/people/*", region="") for kind in ("user", "group")]
    people_roles = [context.arn("iam", "role/platform-*", region="")]
    return document(
        *_common(context, regions),
        deny_elsewhere(*_PEOPLE, *_GROUPS, than=own_people, sid="PeopleHaveTheirPath"),
        deny(*_SIGN_IN, on=["*"], sid="NobodySignsInAsAnother"),
        deny("iam:PassRole", on=people_roles, sid="PeoplesRolesAreForPeople"),
        deny_elsewhere(
            *_ROLE_GIVING,
            than=[context.arn("iam", SERVICE_ROLES, region="")],
            when=_unbounded(context),
            sid="RolesCarryABoundary",
        ),
    )


def boundary_arn(context: Context, name: str) -> str:
    """Return the ARN of a boundary, which roles may name before it exists."""
    return context.arn("iam", BOUNDARIES.replace("*", name), region="")


def _common(context: Context, regions: Sequence[Region]) -> list[Statement]:
    boundaries = [context.arn("iam", BOUNDARIES, region="")]
    kept = [context.arn("iam", role, region="") for role in KEPT_ROLES]
    return [
        allow(*(f"{service}:*" for service in SERVICES), on=["*"], sid="TheEstatesServices"),
        # Services that are one for the world, IAM first of all, are asked in us-east-1.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
        deny(
            "*", on=["*"], when={"StringNotEquals": {"aws:RequestedRegion": sorted({*regions, Region.US_EAST_1})}}, sid="TheEstatesRegions"
        ),
        deny(*_ENDING, on=["*"], sid="GuardsStay"),
        deny(*_STANDING_CREDENTIALS, on=["*"], sid="NoStandingCredentials"),
        deny("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary", on=["*"], sid="NobodyLeavesABoundary"),
        deny(
            *("iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"),
            on=boundaries,
            sid="BoundariesStay",
        ),
        deny(*_ROLE_CHANGES, on=kept, sid="KeptRolesStay"),
        deny(
            *("iam:AddClientIDToOpenIDConnectProvider", "iam:CreateOpenIDConnectProvider", "iam:CreateSAMLProvider"),
            *("iam:UpdateOpenIDConnectProviderThumbprint", "iam:UpdateSAMLProvider"),
            on=["*"],
            sid="NoOtherIdentityProviders",
        ),
        # A session of one role that becomes another one would leave the boundary behind.
        deny("sts:AssumeRole", on=["*"], sid="NoOtherRoles"),
    ]


def _unbounded(context: Context) -> dict[str, dict[str, list[str]]]:
    return {"StringNotLike": {"iam:PermissionsBoundary": [context.arn("iam", BOUNDARIES, region="")]}}
