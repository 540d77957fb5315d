"""SES: what an identity signs with, returns to and is told by; the account's suppression list.

Domains are verified at once: nobody looks at their records. Nobody reads the mail that would verify an address, so that waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote

from sandbox.cloud.extensions.common import answer, asked, kept, own_arn, refused

_KEY = "RSA_2048_BIT"
_TOKENS, _LETTERS = 3, 32
_REASONS = ["BOUNCE", "COMPLAINT"]


def install() -> None:
    """Adds it to moto."""
    from moto.ses.models import EmailIdentity, SESBackend
    from moto.sesv2.responses import SESV2Response
    from moto.sesv2.urls import url_paths

    url_paths["{0}/v2/email/(?P<rest>.+)$"] = SESV2Response.dispatch
    EmailIdentity.get_response_object = property(_described(EmailIdentity.get_response_object.fget))
    SESBackend.delete_identity = _found_first(SESBackend.delete_identity)
    SESV2Response.create_email_identity = _create(SESV2Response.create_email_identity)
    SESV2Response.put_email_identity_configuration_set_attributes = _put(_set_name)
    SESV2Response.put_email_identity_dkim_attributes = _put(_switch_dkim)
    SESV2Response.put_email_identity_dkim_signing_attributes = _sign
    SESV2Response.put_email_identity_feedback_attributes = _put(_forward)
    SESV2Response.put_email_identity_mail_from_attributes = _put(_return)
    SESV2Response.get_account = _account
    SESV2Response.put_account_suppression_attributes = _suppress
    SESV2Response.put_suppressed_destination = _put_suppressed
    SESV2Response.get_suppressed_destination = _get_suppressed
    SESV2Response.list_suppressed_destinations = _list_suppressed
    SESV2Response.delete_suppressed_destination = _delete_suppressed


def missing(kind: str, name: str) -> Any:
    """The service's word for what is not there."""
    return refused("NotFoundException", f"{kind} <{name}> does not exist.", 404)


def _create(original: Any) -> Any:
    @wraps(original)
    def create_email_identity(self: Any) -> str:
        from moto.moto_api._internal import mock_random

        request, identities = asked(self), self.sesv2_backend.core_backend.email_identities
        name, chosen = request["EmailIdentity"], request.get("ConfigurationSetName")
        if name in identities:
            raise refused("AlreadyExistsException", f"Email identity {name} already exist.")
        if chosen and chosen not in self.sesv2_backend.core_backend.config_sets:
            raise missing("Configuration set", chosen)
        original(self)
        identity = identities[name]
        self.sesv2_backend.core_backend.tagger.tag_resource(own_arn(self, "ses", f"identity/{name}"), request.get("Tags") or [])
        domain = identity.identity_type == "DOMAIN"
        identity.verified_for_sending_status, identity.feedback_forwarding_status = domain, True
        identity.verification_status = "SUCCESS" if domain else "PENDING"
        tokens = ["".join(mock_random.choices("abcdefghijklmnopqrstuvwxyz234567", k=_LETTERS)) for _ in range(_TOKENS)]
        kept(identity, "easy")["tokens"] = tokens if domain else []
        identity.dkim_attributes = _signing(identity, request.get("DkimSigningAttributes") or {})
        shown = identity.get_response_object
        return answer(**{key: shown[key] for key in ("IdentityType", "VerifiedForSendingStatus", "DkimAttributes")})

    return create_email_identity


def _signing(identity: Any, attributes: dict[str, Any], origin: str = "") -> dict[str, Any]:
    """DKIM as it is shown: with a key of one's own, or with one that SES makes and publishes behind three names."""
    if identity.identity_type != "DOMAIN":
        return {"SigningEnabled": False, "Status": "NOT_STARTED", "SigningAttributesOrigin": "AWS_SES"}
    if origin == "EXTERNAL" or attributes.get("DomainSigningSelector"):
        tokens = [attributes["DomainSigningSelector"]]
        return {"SigningEnabled": True, "Status": "SUCCESS", "SigningAttributesOrigin": "EXTERNAL", "Tokens": tokens}
    length = attributes.get("NextSigningKeyLength") or _KEY
    return {
        "SigningEnabled": True,
        "Status": "SUCCESS",
        "SigningAttributesOrigin": "AWS_SES",
        "Tokens": kept(identity, "easy")["tokens"],
        "CurrentSigningKeyLength": length,
        "NextSigningKeyLength": length,
        "LastKeyGenerationTimestamp": int(time.time()),
    }


def _described(original: Callable[[Any], dict[str, Any]]) -> Any:
    @wraps(original)
    def get_response_object(self: Any) -> dict[str, Any]:
        shown = {key: value for key, value in original(self).items() if value is not None and key != "Tags"}
        if mail_from := kept(self, "mail_from"):
            shown["MailFromAttributes"] = mail_from
        return shown

    return get_response_object


def _found_first(original: Any) -> Any:
    @wraps(original)
    def delete_identity(self: Any, identity: str) -> None:
        if identity not in self.email_identities:
            raise missing("Email identity", identity)
        original(self, identity)
        self.tagger.delete_all_tags_for_resource(f"arn:aws:ses:{self.region_name}:{self.account_id}:identity/{identity}")

    return delete_identity


def _identity(self: Any) -> Any:
    name = unquote(self._get_param("EmailIdentity"))
    identities = self.sesv2_backend.core_backend.email_identities
    if name not in identities:
        raise missing("Email identity", name)
    return identities[name]


def _put(change: Callable[[Any, Any, dict[str, Any]], None]) -> Any:
    """An operation that changes one thing of an identity."""

    def put(self: Any) -> str:
        change(self, _identity(self), asked(self))
        return answer()

    return put


def _set_name(self: Any, identity: Any, request: dict[str, Any]) -> None:
    chosen = request.get("ConfigurationSetName")
    if chosen and chosen not in self.sesv2_backend.core_backend.config_sets:
        raise missing("Configuration set", chosen)
    identity.configuration_set_name = chosen


def _switch_dkim(self: Any, identity: Any, request: dict[str, Any]) -> None:
    del self
    identity.dkim_attributes = identity.dkim_attributes | {"SigningEnabled": bool(request.get("SigningEnabled"))}


def _sign(self: Any) -> str:
    identity, request = _identity(self), asked(self)
    identity.dkim_attributes = _signing(identity, request.get("SigningAttributes") or {}, request["SigningAttributesOrigin"])
    return answer(DkimStatus=identity.dkim_attributes["Status"], DkimTokens=identity.dkim_attributes.get("Tokens", []))


def _forward(self: Any, identity: Any, request: dict[str, Any]) -> None:
    del self
    identity.feedback_forwarding_status = bool(request.get("EmailForwardingEnabled"))


def _return(self: Any, identity: Any, request: dict[str, Any]) -> None:
    del self
    mail_from, domain = kept(identity, "mail_from"), request.get("MailFromDomain")
    mail_from.clear()
    if domain:
        name = identity.email_identity.rpartition("@")[2]
        if not domain.endswith(f".{name}"):
            raise refused(
                "BadRequestException", f"Provided MAIL-FROM domain <{domain}> is not subdomain of the domain of the identity <{name}>."
            )
        behaviour = request.get("BehaviorOnMxFailure") or "USE_DEFAULT_VALUE"
        mail_from.update(MailFromDomain=domain, MailFromDomainStatus="SUCCESS", BehaviorOnMxFailure=behaviour)


def _own(self: Any, kind: str) -> dict[str, Any]:
    return kept(self.sesv2_backend.core_backend, kind)


def _account(self: Any) -> str:
    return answer(
        DedicatedIpAutoWarmupEnabled=False,
        EnforcementStatus="HEALTHY",
        ProductionAccessEnabled=True,
        SendQuota={"Max24HourSend": 50_000, "MaxSendRate": 14, "SentLast24Hours": self.sesv2_backend.core_backend.sent_message_count},
        SendingEnabled=True,
        SuppressionAttributes={"SuppressedReasons": _own(self, "account").get("reasons", _REASONS)},
    )


def _suppress(self: Any) -> str:
    _own(self, "account")["reasons"] = asked(self).get("SuppressedReasons") or []
    return answer()


def _put_suppressed(self: Any) -> str:
    request = asked(self)
    address = request["EmailAddress"]
    entry = {"EmailAddress": address, "Reason": request["Reason"], "LastUpdateTime": int(time.time())}
    _own(self, "suppressed")[address] = entry
    return answer()


def _suppressed(self: Any) -> str:
    address = unquote(self._get_param("EmailAddress"))
    if address not in _own(self, "suppressed"):
        raise refused("NotFoundException", f"Email address {address} does not exist on your suppression list.", 404)
    return address


def _get_suppressed(self: Any) -> str:
    return answer(SuppressedDestination=_own(self, "suppressed")[_suppressed(self)])


def _list_suppressed(self: Any) -> str:
    wanted = self.querystring.get("Reason")
    found = [entry for entry in _own(self, "suppressed").values() if not wanted or entry["Reason"] in wanted]
    return answer(SuppressedDestinationSummaries=found)


def _delete_suppressed(self: Any) -> str:
    del _own(self, "suppressed")[_suppressed(self)]
    return answer()
