"""Registers MANY_RESOURCES log groups."""

import os

from pulumi_aws.cloudwatch.log_group import LogGroup

for number in range(int(os.environ["MANY_RESOURCES"])):
    LogGroup(f"group-{number}", name=f"/many/{number}", retention_in_days=365, tags={"Name": f"group-{number}", "owner": "platform"})
