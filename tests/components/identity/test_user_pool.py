from collections.abc import Callable
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from components.identity.user_pool import UserPool, UserPoolArgs
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, computed_outputs, record

POOL = "aws:cognito/userPool:UserPool"
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
DOMAIN = "aws:cognito/userPoolDomain:UserPoolDomain"
RISKS = "aws:cognito/riskConfiguration:RiskConfiguration"
PERMISSION = "aws:lambda/permission:Permission"
POOL_ARN = f"arn:aws:cognito-idp:sa-east-1:{ACCOUNT}:userpool/sa-east-1_abc"
FUNCTION = f"arn:aws:lambda:sa-east-1:{ACCOUNT}:function:tokens"
IDENTITY = f"arn:aws:ses:sa-east-1:{ACCOUNT}:identity/mail.example.com"

ARGS = UserPoolArgs(
    roles=("owner", "staff", "customer"),
    callback_urls=["https://app.example.com/signed-in"],
    logout_urls=["https://app.example.com/signed-out"],
    mobile_callback_urls=["com.example.app://signed-in"],
    token_function_arn=f"{FUNCTION}:live",
    mail_identity_arn=IDENTITY,
    sender="Example <no-reply@mail.example.com>",
    scopes={"bookings": {"read": "Read bookings", "write": "Change bookings"}},
    web_acl_arn="arn:acl",
)


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    if type_ == POOL:
        answers["arn"] = POOL_ARN
    return answers


def _graph(args: UserPoolArgs = ARGS) -> Graph:
    return record(lambda: UserPool("users", a_context(Region.SA_EAST_1), args), computed=_answers)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


@pytest.fixture(scope="module")
def pool(graph: Graph) -> dict[str, Any]:
    return graph.one(POOL).inputs


def test_everybody_has_a_second_factor_that_no_telephone_company_hands_out(pool: dict[str, Any]) -> None:
    assert (pool["mfaConfiguration"], pool["softwareTokenMfaConfiguration"]) == ("ON", {"enabled": True})
    assert "smsConfiguration" not in pool and "emailMfaConfiguration" not in pool
    # Cognito lets nobody in by a passkey alone where a second factor is required.
    assert "signInPolicy" not in pool and "webAuthnConfiguration" not in pool


def test_threats_are_acted_upon_and_not_only_counted(graph: Graph, pool: dict[str, Any]) -> None:
    assert pool["userPoolTier"] == "PLUS"
    assert pool["userPoolAddOns"]["advancedSecurityMode"] == "ENFORCED"
    assert pool["userPoolAddOns"]["advancedSecurityAdditionalFlows"] == {"customAuthMode": "ENFORCED"}
    risks = graph.one(RISKS).inputs
    stolen = risks["compromisedCredentialsRiskConfiguration"]
    assert stolen["actions"] == {"eventAction": "BLOCK"} and set(stolen["eventFilters"]) == {"SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP"}
    taken = risks["accountTakeoverRiskConfiguration"]
    assert taken["actions"]["highAction"] == {"eventAction": "BLOCK", "notify": True}
    assert taken["actions"]["mediumAction"]["eventAction"] == "MFA_REQUIRED"
    assert taken["notifyConfiguration"] == {"sourceArn": IDENTITY, "from": ARGS.sender}
    model = botocore.session.get_session().get_service_model("cognito-idp")
    allowed = set(model.shape_for("AccountTakeoverEventActionType").enum)
    assert {each["eventAction"] for each in taken["actions"].values()} <= allowed


def test_passwords_are_long_and_not_the_last_ones(pool: dict[str, Any]) -> None:
    policy = pool["passwordPolicy"]
    assert policy["minimumLength"] >= 12 and policy["passwordHistorySize"] >= 4
    assert all(policy[f"require{kind}"] is True for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert policy["temporaryPasswordValidityDays"] <= 7


def test_nobody_signs_up_alone_and_accounts_come_back_by_a_proven_address_only(pool: dict[str, Any]) -> None:
    assert pool["adminCreateUserConfig"]["allowAdminCreateUserOnly"] is True
    assert pool["accountRecoverySetting"]["recoveryMechanisms"] == [{"name": "verified_email", "priority": 1}]
    assert pool["autoVerifiedAttributes"] == ["email"]
    assert pool["userAttributeUpdateSettings"] == {"attributesRequireVerificationBeforeUpdates": ["email"]}


def test_no_user_and_no_client_changes_whose_user_somebody_is(graph: Graph, pool: dict[str, Any]) -> None:
    tenant = next(each for each in pool["schemas"] if each["name"] == "tenant")
    assert tenant["mutable"] is False
    for client in graph.of_type(CLIENT):
        assert "custom:tenant" in client.inputs["readAttributes"]
        assert client.inputs["writeAttributes"] == ["email", "name"]


def test_it_is_kept(graph: Graph, pool: dict[str, Any]) -> None:
    assert pool["deletionProtection"] == "ACTIVE" and graph.one(POOL).protect
    bare = _graph(replace(ARGS, protect=False)).one(POOL)
    assert bare.inputs["deletionProtection"] == "INACTIVE" and not bare.protect


def test_each_role_is_a_group_and_who_may_most_comes_first(graph: Graph) -> None:
    groups = sorted((each.inputs["precedence"], each.inputs["name"]) for each in graph.of_type("aws:cognito/userGroup:UserGroup"))
    assert groups == [(0, "owner"), (1, "staff"), (2, "customer")]


def test_the_function_that_adds_to_tokens_is_called_by_this_pool_alone(graph: Graph, pool: dict[str, Any]) -> None:
    assert pool["lambdaConfig"] == {"preTokenGenerationConfig": {"lambdaArn": f"{FUNCTION}:live", "lambdaVersion": "V2_0"}}
    permission = graph.one(PERMISSION).inputs
    assert (permission["function"], permission["qualifier"]) == (FUNCTION, "live")
    assert (permission["principal"], permission["sourceArn"], permission["sourceAccount"]) == (
        "cognito-idp.amazonaws.com",
        POOL_ARN,
        ACCOUNT,
    )
    whole = _graph(replace(ARGS, token_function_arn=FUNCTION)).one(PERMISSION).inputs
    assert whole["function"] == FUNCTION and not whole.get("qualifier")
    without = _graph(replace(ARGS, token_function_arn=None))
    assert not without.of_type(PERMISSION) and "lambdaConfig" not in without.one(POOL).inputs


@pytest.mark.parametrize("kind", ["web", "mobile"])
def test_clients_keep_no_secret_and_take_a_code(graph: Graph, kind: str) -> None:
    client = graph.named(f"users-{kind}-client").inputs
    assert client["generateSecret"] is False
    assert (client["allowedOauthFlows"], client["allowedOauthFlowsUserPoolClient"]) == (["code"], True)
    wanted = {"web": ARGS.callback_urls, "mobile": ARGS.mobile_callback_urls}[kind]
    assert client["callbackUrls"] == wanted
    assert client["preventUserExistenceErrors"] == "ENABLED"
    assert "ALLOW_USER_PASSWORD_AUTH" not in client["explicitAuthFlows"]


@pytest.mark.parametrize("kind", ["web", "mobile"])
def test_tokens_end_soon_and_a_refresh_token_serves_once(graph: Graph, kind: str) -> None:
    client = graph.named(f"users-{kind}-client").inputs
    assert (client["accessTokenValidity"], client["idTokenValidity"]) == (15, 15)
    assert client["tokenValidityUnits"] == {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "hours"}
    assert client["refreshTokenRotation"]["feature"] == "ENABLED" and client["refreshTokenRotation"]["retryGracePeriodSeconds"] <= 60
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in client["explicitAuthFlows"], "Cognito refuses it beside rotation"
    assert client["enableTokenRevocation"] is True


def test_sign_in_pages_stand_behind_the_web_acl_and_are_there_for_both_clients(graph: Graph) -> None:
    guarded = graph.one("aws:wafv2/webAclAssociation:WebAclAssociation").inputs
    assert (guarded["resourceArn"], guarded["webAclArn"]) == (POOL_ARN, "arn:acl")
    domain = graph.one(DOMAIN).inputs
    assert (domain["domain"], domain["managedLoginVersion"]) == ("morefocus-prod-sae1-users", 2)
    styles = {each.inputs["clientId"] for each in graph.of_type("aws:cognito/managedLoginBranding:ManagedLoginBranding")}
    assert styles == {f"{client.name}-id" for client in graph.of_type(CLIENT)}, "without a style Cognito shows no page"
    assert not _graph(replace(ARGS, web_acl_arn=None)).of_type("aws:wafv2/webAclAssociation:WebAclAssociation")


def test_mail_goes_out_under_our_own_name_where_there_is_one(pool: dict[str, Any]) -> None:
    assert pool["emailConfiguration"] == {"emailSendingAccount": "DEVELOPER", "sourceArn": IDENTITY, "fromEmailAddress": ARGS.sender}
    bare = _graph(replace(ARGS, mail_identity_arn=None, sender=None))
    assert bare.one(POOL).inputs["emailConfiguration"] == {"emailSendingAccount": "COGNITO_DEFAULT"}
    taken = bare.one(RISKS).inputs["accountTakeoverRiskConfiguration"]
    assert "notifyConfiguration" not in taken and taken["actions"]["highAction"] == {"eventAction": "BLOCK", "notify": False}


def test_it_publishes_what_clients_and_authorizers_need(graph: Graph) -> None:
    published = graph.outputs_of(graph.one("morefocus:identity:UserPool"))
    assert published["issuer"] == "https://cognito-idp.sa-east-1.amazonaws.com/users-pool-id"
    assert published["domain"] == "morefocus-prod-sae1-users.auth.sa-east-1.amazoncognito.com"
    assert (published["web_client_id"], published["mobile_client_id"]) == ("users-web-client-id", "users-mobile-client-id")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, roles=("owner", "owner")), r"roles must be different.*\(got owner, owner\)"),
        (lambda args: replace(args, roles=()), r"at least one \(got none\)"),
        (lambda args: replace(args, callback_urls=["http://app.example.com/"]), r"callback_urls must be.*\(got http://app.example.com/\)"),
        (lambda args: replace(args, mobile_callback_urls=["app://x"]), r"mobile_callback_urls must be.*\(got app://x\)"),
        (lambda args: replace(args, sender=None), "mail_identity_arn and sender come together"),
        (lambda args: replace(args, sender="nobody"), r"sender must be.*\(got 'nobody'\)"),
    ],
)
def test_what_cognito_would_refuse_or_others_could_read_is_refused_at_once(
    change: Callable[[UserPoolArgs], UserPoolArgs], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)


def test_clients_ask_for_the_scopes_of_the_resource_servers_once_these_are_there(graph: Graph) -> None:
    server = graph.one("aws:cognito/resourceServer:ResourceServer")
    assert {each["scopeName"]: each["scopeDescription"] for each in server.inputs["scopes"]} == {
        "read": "Read bookings",
        "write": "Change bookings",
    }
    for client in graph.of_type(CLIENT):
        assert client.inputs["allowedOauthScopes"] == ["openid", "email", "bookings/read", "bookings/write"]
        assert server.urn in client.depends_on
