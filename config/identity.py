"""Which pipelines may act in the accounts of the estate, and whether unused access is looked for (SEC-1, SEC-9)."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, field_validator

from config.errors import refuse
from config.fields import Count, Model
from config.support import Notice
from config.vocabulary import Environment

UNUSED_ACCESS_PRICE = "0.20 USD a month for each role and user"
"""As seen on 2026-11-22 in https://www.geeksforgeeks.org/devops/activate-unused-access-analyzer/.

AWS's own guide says that each role and user analysed is charged by the month, and names no price:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-unused.html
"""


class GitLabFacts(Model):
    """Whose pipelines are trusted."""

    url: Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(/[\w./-]*\w)?$", description="address of GitLab such as https://gitlab.com")]
    project: Annotated[str, Field(pattern=r"^[\w.-]+(/[\w.-]+)+$", description="group/project, without wildcards")]
    branches: Annotated[Mapping[Environment, str], Field(description="environment to the one branch whose pipelines deploy it")]
    state_bucket: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", description="bucket of the states, which `scripts.state bootstrap` makes")
    ]

    @field_validator("branches")
    @classmethod
    def _are_whole(cls, branches: Mapping[Environment, str]) -> Mapping[Environment, str]:
        for branch in branches.values():
            if not branch or not all(part.isalnum() or part in "._-/" for part in branch):
                raise refuse("whole names of branches, without wildcards", "name the one branch")
        missing = sorted(set(Environment) - set(branches))
        if missing:
            raise refuse("a branch for each environment", f"add {', '.join(missing)}")
        return branches


class IdentityFacts(Model):
    """What is true of identities in every account."""

    gitlab: GitLabFacts
    unused_access_days: Annotated[
        Count | None, Field(ge=1, le=365, description="days without use from which access is reported, 1 to 365; null: not looked for")
    ]

    def notices(self) -> list[Notice]:
        """Return what the switch costs, where it is on."""
        if self.unused_access_days is None:
            return []
        return [Notice(text=f"access unused for {self.unused_access_days} days is looked for, at {UNUSED_ACCESS_PRICE}", urgent=False)]
