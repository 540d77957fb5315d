"""Contexts for tests of components."""

from components._base import Context
from config.vocabulary import Environment, Law, Region

ACCOUNT = "123456789012"


def a_context(region: Region = Region.US_EAST_1, environment: Environment = Environment.PRODUCTION) -> Context:
    """A context like one a stack would make."""
    return Context(
        environment=environment,
        region=region,
        owner="platform",
        jurisdiction=Law.NONE,
        cost_centre="platform",
        account_id=ACCOUNT,
    )
