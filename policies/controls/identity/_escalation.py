"""Published ways by which an identity of AWS gets more rights than it was given, as facts: which actions make each of them.

Sources: DataDog's collection, read on 2026-11-22 in its state of 2025-12-17, from whose 65 paths those are left out whose actions are
more than another's (https://github.com/DataDog/pathfinding.cloud); SetDefaultPolicyVersion, UpdateFunctionConfiguration (a layer brings
code along) and the removal of boundaries are of Rhino Security Labs (https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/)
and of IAM's own page on boundaries (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import product


class Kind(Enum):
    """What a path does, on which it depends whether a permissions boundary holds it."""

    REWRITE = "changes what policies give"
    """To whoever it gives more, the boundary stays."""
    BECOME = "acts as somebody else"
    """Who may have no boundary: only its refusal holds it."""
    LEND = "lets a service act with a role"
    """Of which there are none without a boundary where whoever makes roles must give them one."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way: all its actions are needed."""

    kind: Kind
    actions: tuple[str, ...]
    unless: str = ""
    """An action whose refusal, anywhere, closes it."""


def _lent(*steps: str, **others: tuple[str, ...]) -> list[Path]:
    """Return the paths that pass a role to a service: `steps`, and one of each of `others`."""
    return [Path(Kind.LEND, ("iam:PassRole", *steps, *chosen)) for chosen in product(*others.values())]


PATHS = (
    *(
        Path(Kind.REWRITE, (f"iam:{action}",))
        for action in (
            *("AddUserToGroup", "AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy", "CreatePolicyVersion"),
            *("PutGroupPolicy", "PutRolePolicy", "PutUserPolicy", "SetDefaultPolicyVersion"),
        )
    ),
    *(Path(Kind.BECOME, (f"iam:{action}",)) for action in ("CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile")),
    *(Path(Kind.BECOME, (f"iam:Delete{holder}PermissionsBoundary",)) for holder in ("Role", "User")),
    Path(Kind.BECOME, ("sts:AssumeRole",)),
    Path(Kind.BECOME, ("iam:UpdateAssumeRolePolicy",), unless="sts:AssumeRole"),
    *_lent("apprunner:CreateService"),
    *_lent("cloudformation:CreateStack"),
    *_lent("cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"),
    *_lent("cloudformation:UpdateStackSet"),
    *_lent("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"),
    *_lent("ec2:RunInstances"),
    *_lent("ec2:RequestSpotInstances"),
    *_lent("ecs:RegisterTaskDefinition", start=("ecs:CreateService", "ecs:RunTask", "ecs:StartTask")),
    *_lent("glue:CreateDevEndpoint"),
    *_lent(make=("glue:CreateJob", "glue:UpdateJob"), start=("glue:CreateTrigger", "glue:StartJobRun")),
    *_lent("lambda:CreateFunction", start=("lambda:AddPermission", "lambda:CreateEventSourceMapping", "lambda:InvokeFunction")),
    *_lent(make=("sagemaker:CreateNotebookInstance", "sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob")),
    *(
        Path(Kind.LEND, actions)
        for actions in (
            ("apprunner:UpdateService",),
            ("bedrock-agentcore:InvokeCodeInterpreter", "bedrock-agentcore:StartCodeInterpreterSession"),
            ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
            ("cloudformation:UpdateStack",),
            ("codebuild:StartBuild",),
            ("codebuild:StartBuildBatch",),
            ("ec2-instance-connect:SendSSHPublicKey",),
            ("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
            ("ec2:ModifyInstanceAttribute", "ec2:StartInstances", "ec2:StopInstances"),
            ("glue:UpdateDevEndpoint",),
            ("lambda:UpdateFunctionCode",),
            ("lambda:UpdateFunctionConfiguration",),
            ("sagemaker:CreatePresignedNotebookInstanceUrl",),
            (
                *("sagemaker:CreateNotebookInstanceLifecycleConfig", "sagemaker:StartNotebookInstance"),
                *("sagemaker:StopNotebookInstance", "sagemaker:UpdateNotebookInstance"),
            ),
            ("ssm:SendCommand",),
            ("ssm:StartSession",),
        )
    ),
)
LETTING_IN = (("iam:CreateLoginProfile",), ("iam:UpdateLoginProfile",))
"""Paths that are an administrator's work as well."""
ROLE_GIVING = ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy")
ACTIONS = frozenset({action for path in PATHS for action in path.actions} | set(ROLE_GIVING))
"""Every action that some path needs, and those by which roles come to be."""


@cache
def named_by(pattern: str) -> frozenset[str]:
    """Return which of these actions a policy's action, such as `iam:*` or `lambda:Update*`, names; case does not count."""
    written = re.compile("".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern), re.IGNORECASE)
    return frozenset(action for action in ACTIONS if written.fullmatch(action))
