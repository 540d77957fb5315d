"""Rules by which every change of configuration is judged (SEC-8, COM-1)."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws.cfg.rule import Rule

from components._base import Component, Context
from components.security.rule_catalogue import RULES
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigurationRulesArgs:
    """Where the rules are made.

    Raises ValueError when the retention is no positive number of days.
    """

    recorder: pulumi.Resource
    """What records here; Config refuses rules without it, so they wait for it."""
    account_wide: bool
    """Whether the rules on what is in no region are made here: in one region of the account."""
    log_retention_days: int = 365
    """How long logs are to be kept, which a rule checks (COM-2)."""

    def __post_init__(self) -> None:
        if self.log_retention_days < 1:
            raise ValueError(f"log_retention_days must be at least 1 (got {self.log_retention_days})")


class ConfigurationRules(Component, token="security:ConfigurationRules"):
    """The managed rules of the catalogue, each with its reason and the frameworks it is evidence for (SEC-8, COM-1)."""

    count: pulumi.Output[int]
    """How many rules judge this region."""

    def __init__(self, name: str, context: Context, args: ConfigurationRulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        chosen = [rule for rule in RULES if args.account_wide or not rule.account_wide]
        for rule in chosen:
            parameters = dict(rule.parameters)
            if "MinRetentionTime" in parameters:
                parameters["MinRetentionTime"] = str(args.log_retention_days)
            Rule(
                f"{name}-{rule.name}",
                name=context.physical(rule.name, limit=128),
                description=f"{rule.why}. Evidence for {', '.join(rule.frameworks)}.",
                source={"owner": "AWS", "source_identifier": rule.identifier},
                input_parameters=json.dumps(parameters) if parameters else None,
                tags=self.tags(DataClass.OPERATIONAL, name=rule.name),
                opts=self.child(depends_on=[args.recorder]),
            )
        self.count = pulumi.Output.from_input(len(chosen))
        self.publish()
