"""Who the service's users are: tenants' people and their customers, never the account's own operators (SCH-7, API-2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.cognito._inputs import RiskConfigurationAccountTakeoverRiskConfigurationNotifyConfigurationArgsDict as NotifyArgs
from pulumi_aws.cognito._inputs import UserPoolSchemaArgsDict
from pulumi_aws.cognito.managed_login_branding import ManagedLoginBranding
from pulumi_aws.cognito.resource_server import ResourceServer
from pulumi_aws.cognito.risk_configuration import RiskConfiguration
from pulumi_aws.cognito.user_group import UserGroup
from pulumi_aws.cognito.user_pool import UserPool as CognitoPool
from pulumi_aws.cognito.user_pool_client import UserPoolClient
from pulumi_aws.cognito.user_pool_domain import UserPoolDomain
from pulumi_aws.lambda_.permission import Permission
from pulumi_aws.wafv2.web_acl_association import WebAclAssociation

from components._base import Component, Context
from config.vocabulary import DataClass

TENANT = "tenant"
"""The custom attribute that says whose user somebody is; in tokens of Cognito's own making it is `custom:tenant`."""
ACCESS_MINUTES = 15
READABLE = ("custom:tenant", "email", "email_verified", "name")
WRITABLE = ("email", "name")
"""What a user may change: not the tenant, and a new address only after it is proven."""

_ROLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_WEB = re.compile(r"https://[a-z0-9.-]+(:\d+)?/[^\s#]*")
_MOBILE = re.compile(r"(https|[a-z][a-z0-9]*(\.[a-z0-9-]+)+)://[^\s#]+")
_SENDER = re.compile(r"([^<>@\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class UserPoolArgs:
    """Roles, the clients' addresses, and what stands around the pool.

    Raises ValueError naming the option when Cognito would refuse it, or when an address could be read on its way.
    """

    roles: Sequence[str]
    """Groups, the one that may most first: a token names its holder's as `cognito:groups`."""
    callback_urls: Sequence[str]
    """Where the web client takes the code of a sign-in."""
    logout_urls: Sequence[str]
    mobile_callback_urls: Sequence[str]
    """The same of the mobile clients, for both: `com.example.app://signed-in`, or an https address that opens the app."""
    token_function_arn: pulumi.Input[str] | None
    """ARN of the function, or of its alias, that adds to a token before it is issued; None for Cognito's tokens as they are."""
    mail_identity_arn: pulumi.Input[str] | None
    """Identity of SES that mail is sent under; None for Cognito's own sender, which sends 50 a day."""
    sender: str | None
    """Such as `Example <no-reply@mail.example.com>`, of that identity."""
    scopes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Resource server, such as `bookings`, to its scopes with what each allows: what clients ask access tokens for."""
    web_acl_arn: pulumi.Input[str] | None = None
    """Web ACL of the pool's region, before its sign-in pages and its API."""
    protect: bool = True

    def __post_init__(self) -> None:
        wrong = [role for role in self.roles if not _ROLE.fullmatch(role)]
        if wrong or not self.roles or len(set(self.roles)) != len(self.roles):
            raise ValueError(
                f"roles must be different lower-case words joined by hyphens, at least one (got {', '.join(self.roles) or 'none'})"
            )
        for option, shape, such in (
            ("callback_urls", _WEB, "https://app.example.com/signed-in"),
            ("logout_urls", _WEB, "https://app.example.com/signed-out"),
            ("mobile_callback_urls", _MOBILE, "com.example.app://signed-in"),
        ):
            urls = getattr(self, option)
            if not urls or not all(shape.fullmatch(url) for url in urls):
                raise ValueError(f"{option} must be addresses such as '{such}', at least one (got {', '.join(urls) or 'none'})")
        if (self.mail_identity_arn is None) != (self.sender is None):
            raise ValueError("mail_identity_arn and sender come together: give both or neither")
        if self.sender is not None and not _SENDER.fullmatch(self.sender):
            raise ValueError(f"sender must be such as 'Example <no-reply@example.com>' (got {self.sender!r})")


class UserPool(Component, token="identity:UserPool"):
    """A Cognito pool that asks everybody for a second factor and blocks what looks like an attack (SCH-7, SCH-9, API-2).

    Passkeys are left out: with a second factor required Cognito takes them only under the pool's `FactorConfiguration`, which the SDK
    cannot set yet. Users are made by a tenant's owner: nobody signs up alone, since whoever did would belong to no tenant.
    Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html,
    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
    """

    arn: pulumi.Output[str]
    id: pulumi.Output[str]
    issuer: pulumi.Output[str]
    """Address that its tokens name as `iss`."""
    web_client_id: pulumi.Output[str]
    mobile_client_id: pulumi.Output[str]
    domain: pulumi.Output[str]
    """Host of its sign-in pages and of its OAuth 2.0 endpoints."""

    def __init__(self, name: str, context: Context, args: UserPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        pool = self._pool()
        if args.token_function_arn is not None:
            self._may_call(pool, pulumi.Output.from_input(args.token_function_arn))
        for rank, role in enumerate(args.roles):
            UserGroup(
                f"{name}-group-{role}", user_pool_id=pool.id, name=role, precedence=rank, description=f"Role {role}", opts=self.child()
            )
        servers = self._servers(pool)
        web = self._client(pool, "web", args.callback_urls, args.logout_urls, servers, refresh_hours=12)
        mobile = self._client(pool, "mobile", args.mobile_callback_urls, args.mobile_callback_urls, servers, refresh_hours=30 * 24)
        domain = self._pages(pool, {"web": web, "mobile": mobile})
        self._risks(pool)
        if args.web_acl_arn is not None:
            WebAclAssociation(f"{name}-guarded", resource_arn=pool.arn, web_acl_arn=args.web_acl_arn, opts=self.child())
        self.arn, self.id = pool.arn, pool.id
        self.issuer = pulumi.Output.concat(f"https://cognito-idp.{context.region}.amazonaws.com/", pool.id)
        self.web_client_id, self.mobile_client_id = web.id, mobile.id
        self.domain = domain.domain.apply(lambda _: sign_in_host(context, name))
        self.publish()

    def _pool(self) -> CognitoPool:
        args, name = self._args, self._component
        return CognitoPool(
            f"{name}-pool",
            name=self.context.physical(name, limit=128),
            user_pool_tier="PLUS",
            user_pool_add_ons={
                "advanced_security_mode": "ENFORCED",
                "advanced_security_additional_flows": {"custom_auth_mode": "ENFORCED"},
            },
            username_attributes=["email"],
            username_configuration={"case_sensitive": False},
            auto_verified_attributes=["email"],
            user_attribute_update_settings={"attributes_require_verification_before_updates": ["email"]},
            schemas=[
                _text("email", required=True, mutable=True, longest=2048),
                # Set when a user is made and never again: whoever changes tenants is another user.
                _text(TENANT, required=False, mutable=False, longest=64),
            ],
            mfa_configuration="ON",
            software_token_mfa_configuration={"enabled": True},
            password_policy={
                "minimum_length": 12,
                "require_lowercase": True,
                "require_uppercase": True,
                "require_numbers": True,
                "require_symbols": True,
                "password_history_size": 5,
                "temporary_password_validity_days": 3,
            },
            admin_create_user_config={"allow_admin_create_user_only": True},
            account_recovery_setting={"recovery_mechanisms": [{"name": "verified_email", "priority": 1}]},
            verification_message_template={"default_email_option": "CONFIRM_WITH_CODE"},
            email_configuration=(
                {"email_sending_account": "COGNITO_DEFAULT"}
                if args.mail_identity_arn is None
                else {"email_sending_account": "DEVELOPER", "source_arn": args.mail_identity_arn, "from_email_address": args.sender}
            ),
            lambda_config=(
                None
                if args.token_function_arn is None
                # The second version reaches access tokens too.
                else {"pre_token_generation_config": {"lambda_arn": args.token_function_arn, "lambda_version": "V2_0"}}
            ),
            deletion_protection="ACTIVE" if args.protect else "INACTIVE",
            tags=self.tags(DataClass.PERSONAL, name=name),
            opts=self.child(protect=args.protect),
        )

    def _may_call(self, pool: CognitoPool, function_arn: pulumi.Output[str]) -> None:
        """An alias is the last of an ARN's eight parts, and Lambda wants it apart."""
        Permission(
            f"{self._component}-may-call",
            statement_id="UserPool",
            action="lambda:InvokeFunction",
            function=function_arn.apply(lambda arn: ":".join(arn.split(":")[:7])),
            qualifier=function_arn.apply(lambda arn: ":".join(arn.split(":")[7:]) or None),
            principal="cognito-idp.amazonaws.com",
            source_arn=pool.arn,
            source_account=self.context.account_id,
            opts=self.child(),
        )

    def _servers(self, pool: CognitoPool) -> list[ResourceServer]:
        return [
            ResourceServer(
                f"{self._component}-server-{server}",
                user_pool_id=pool.id,
                identifier=server,
                name=server,
                scopes=[{"scope_name": name, "scope_description": allows} for name, allows in scopes.items()],
                opts=self.child(),
            )
            for server, scopes in self._args.scopes.items()
        ]

    def _client(
        self,
        pool: CognitoPool,
        kind: str,
        callbacks: Sequence[str],
        logouts: Sequence[str],
        servers: Sequence[ResourceServer],
        *,
        refresh_hours: int,
    ) -> UserPoolClient:
        """A client that can keep no secret: a code, proven by PKCE, is all it gets, and a refresh token serves once.

        Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
        """
        logical = f"{self._component}-{kind}"
        return UserPoolClient(
            f"{logical}-client",
            name=self.context.physical(logical, limit=128),
            user_pool_id=pool.id,
            generate_secret=False,
            supported_identity_providers=["COGNITO"],
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_flows=["code"],
            allowed_oauth_scopes=[
                "openid",
                "email",
                *(f"{server}/{name}" for server, scopes in self._args.scopes.items() for name in scopes),
            ],
            callback_urls=list(callbacks),
            logout_urls=list(logouts),
            # A password never travels; and refresh by this flow is off, since it would not rotate.
            explicit_auth_flows=["ALLOW_USER_SRP_AUTH"],
            refresh_token_rotation={"feature": "ENABLED", "retry_grace_period_seconds": 10},
            access_token_validity=ACCESS_MINUTES,
            id_token_validity=ACCESS_MINUTES,
            refresh_token_validity=refresh_hours,
            token_validity_units={"access_token": "minutes", "id_token": "minutes", "refresh_token": "hours"},
            auth_session_validity=3,
            enable_token_revocation=True,
            prevent_user_existence_errors="ENABLED",
            read_attributes=list(READABLE),
            write_attributes=list(WRITABLE),
            # Cognito refuses a scope that is not there.
            opts=self.child(depends_on=list(servers)),
        )

    def _pages(self, pool: CognitoPool, clients: dict[str, UserPoolClient]) -> UserPoolDomain:
        """Sign-in pages are there only for clients that have a style, which is Cognito's own.

        Source: https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-branding.html
        """
        name = self._component
        domain = UserPoolDomain(
            f"{name}-domain", domain=self.context.physical(name), user_pool_id=pool.id, managed_login_version=2, opts=self.child()
        )
        for kind, client in clients.items():
            ManagedLoginBranding(
                f"{name}-{kind}-style",
                user_pool_id=pool.id,
                client_id=client.id,
                use_cognito_provided_values=True,
                opts=self.child(depends_on=[domain]),
            )
        return domain

    def _risks(self, pool: CognitoPool) -> None:
        """Block what is known to be stolen and what is likely an attack, and tell whom it happened to."""
        args = self._args
        told = args.mail_identity_arn is not None
        notify: NotifyArgs | None = None if args.mail_identity_arn is None else {"source_arn": args.mail_identity_arn, "from_": args.sender}
        RiskConfiguration(
            f"{self._component}-risks",
            user_pool_id=pool.id,
            compromised_credentials_risk_configuration={
                "event_filters": ["SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP"],
                "actions": {"event_action": "BLOCK"},
            },
            account_takeover_risk_configuration={
                "notify_configuration": notify,
                "actions": {
                    "high_action": {"event_action": "BLOCK", "notify": told},
                    "medium_action": {"event_action": "MFA_REQUIRED", "notify": told},
                    "low_action": {"event_action": "MFA_IF_CONFIGURED", "notify": False},
                },
            },
            opts=self.child(),
        )


def _text(name: str, *, required: bool, mutable: bool, longest: int) -> UserPoolSchemaArgsDict:
    return {
        "name": name,
        "attribute_data_type": "String",
        "developer_only_attribute": False,
        "required": required,
        "mutable": mutable,
        # Stated, since Cognito answers with them, and an attribute cannot be changed once it is there.
        "string_attribute_constraints": {"min_length": "0" if required else "1", "max_length": str(longest)},
    }


def sign_in_host(context: Context, name: str) -> str:
    """Return the host of the sign-in pages of the pool called `name`, which others derive rather than ask for (D12)."""
    return f"{context.physical(name)}.auth.{context.region}.amazoncognito.com"
