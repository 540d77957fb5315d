"""What stages, plans and domains stand on."""

from __future__ import annotations

from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.apigateway.openapi import body

API = "aws:apigateway/restApi:RestApi"
DEPLOYMENT = "aws:apigateway/deployment:Deployment"
STAGE = "aws:apigateway/stage:Stage"
ACCOUNT = "aws:apigateway/account:Account"
ROLE = "arn:aws:iam::123456789012:role/api-logs"


def an_api(workbench: Workbench) -> Life:
    """An API with methods."""
    return workbench.made(API, logical="api", name="bookings", body=body(), endpointConfiguration={"types": "REGIONAL"})


def a_deployment(workbench: Workbench, api: Life, logical: str = "release") -> Life:
    """A snapshot of it."""
    return workbench.made(DEPLOYMENT, logical=logical, restApi=api.id, triggers={"body": logical})


def a_stage(workbench: Workbench, api: Life) -> Life:
    """Where it is served."""
    return workbench.made(STAGE, logical="live", restApi=api.id, deployment=a_deployment(workbench, api).id, stageName="live")


def an_account(workbench: Workbench) -> Life:
    """An account that may write logs."""
    return workbench.made(ACCOUNT, logical="account", cloudwatchRoleArn=ROLE)
