"""A permission boundary as IAM keeps it (SEC-1)."""

import re
from dataclasses import dataclass

import pulumi
from pulumi_aws.iam.policy import Policy

from components._base import Component, Context
from components._base.policy_document import Document
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class BoundaryArgs:
    """For whom, and how far.

    Raises ValueError for a name that is no word.
    """

    holders: str
    """Who carries it, such as `people`; its name in the account."""
    document: Document

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+", self.holders):
            raise ValueError(f"holders must be one lower-case word (got {self.holders!r})")


class Boundary(Component, token="identity:Boundary"):
    """The most that roles of some kind can ever be allowed (SEC-1)."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: BoundaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        policy = Policy(
            f"{name}-policy",
            name=args.holders,
            path="/boundaries/",
            description=f"The most that roles of {args.holders} can be allowed",
            policy=args.document,
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        self.arn = policy.arn
        self.publish()
