"""What the passwords of people must be; made once for the account (SEC-1)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.iam.account_password_policy import AccountPasswordPolicy

from components._base import Component, Context


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordPolicyArgs:
    """Length and age.

    Raises ValueError outside of what IAM allows, and below what the CIS benchmark for AWS asks (14 characters).
    """

    min_length: int = 14
    max_age_days: int = 90
    remembered: int = 24
    """Earlier passwords that cannot be used again; IAM remembers 24 at most, and CIS asks for all of them."""

    def __post_init__(self) -> None:
        if not 14 <= self.min_length <= 128:
            raise ValueError(f"min_length must be 14 to 128 characters (got {self.min_length})")
        if not 1 <= self.max_age_days <= 1095:
            raise ValueError(f"max_age_days must be 1 to 1095 (got {self.max_age_days})")
        if not 1 <= self.remembered <= 24:
            raise ValueError(f"remembered must be 1 to 24 passwords (got {self.remembered})")


class PasswordPolicy(Component, token="identity:PasswordPolicy"):
    """Long passwords of every kind of character, never used twice, that their owners can change themselves (SEC-1).

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
    """

    def __init__(
        self, name: str, context: Context, args: PasswordPolicyArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        args = args or PasswordPolicyArgs()
        AccountPasswordPolicy(
            f"{name}-rules",
            minimum_password_length=args.min_length,
            max_password_age=args.max_age_days,
            password_reuse_prevention=args.remembered,
            require_lowercase_characters=True,
            require_uppercase_characters=True,
            require_numbers=True,
            require_symbols=True,
            allow_users_to_change_password=True,
            # Whose password ran out chooses a new one at the next sign-in: nobody has to be asked.
            hard_expiry=False,
            opts=self.child(),
        )
        self.publish()
