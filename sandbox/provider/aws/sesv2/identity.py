"""Who mail is sent as, and what is set on an identity apart from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.provider import documents, tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties, canonical, known, moment

POLICY = documents.Grammar("a policy of an identity", frozenset({"Action", "Resource", "Principal"}), 4_096, plain_sids=False)
_COMPUTED = ("currentSigningKeyLength", "lastKeyGenerationTimestamp", "signingAttributesOrigin", "status", "tokens")
_OWN_KEY = ("domainSigningPrivateKey", "domainSigningSelector")
_LENGTH = "RSA_2048_BIT"
_CREATE = Translation("sesv2", "CreateEmailIdentity", apart=frozenset({"dkimSigningAttributes"}))


class EmailIdentity(Handler):
    """A domain or an address that mail is sent as."""

    token = "aws:sesv2/emailIdentity:EmailIdentity"
    support = Support.PARTLY
    gap = "a domain is verified at once, whatever its records say; an address waits for a reader that nobody is; private keys are not kept"
    create_only = frozenset({"emailIdentity"})
    volatile = frozenset({"dkimSigningAttributes"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found, signing = [], inputs.get("dkimSigningAttributes") or {}
        if known(signing) and sum(1 for key in _OWN_KEY if signing.get(key)) == 1:
            found.append(Failure("dkimSigningAttributes", "a key of one's own has domainSigningPrivateKey and domainSigningSelector"))
        if known(signing) and signing.get(_OWN_KEY[1]) and signing.get("nextSigningKeyLength"):
            found.append(
                Failure("dkimSigningAttributes.nextSigningKeyLength", "of keys that SES makes: leave it out with a key of one's own")
            )
        name = inputs["emailIdentity"]
        if known(name) and name != name.lower():
            found.append(Failure("emailIdentity", f"in small letters, as SES shows it (got {name!r})"))
        request = _CREATE.request(inputs) | ({"DkimSigningAttributes": _signing(signing)} if known(signing) and _signing(signing) else {})
        return found or refusals("sesv2", "CreateEmailIdentity", request)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        name = f"{inputs['emailIdentity']}"
        return {
            "arn": call.arn("ses", f"identity/{name}"),
            "identityType": "EMAIL_ADDRESS" if "@" in name else "DOMAIN",
            "dkimSigningAttributes": UNKNOWN,
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        request, signing = _CREATE.request(inputs), _signing(inputs.get("dkimSigningAttributes") or {})
        tags = tagging.parameter(inputs["tagsAll"])
        call.client("sesv2").create_email_identity(**request, **tags, **({"DkimSigningAttributes": signing} if signing else {}))
        return inputs["emailIdentity"], self._computed(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        shown = self._shown(call, resource_id, state)
        tags = call.client("sesv2").list_tags_for_resource(ResourceArn=shown["arn"])["Tags"]
        return shown | {"emailIdentity": resource_id, "tags": tagging.mapping(tags)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ses, live = call.client("sesv2"), self._shown(call, resource_id, old)
        if live["configurationSetName"] != new.get("configurationSetName", ""):
            chosen = parameters(new, ConfigurationSetName="configurationSetName")
            ses.put_email_identity_configuration_set_attributes(EmailIdentity=resource_id, **chosen)
        wanted = new.get("dkimSigningAttributes")
        if wanted and not self.equal("dkimSigningAttributes", live["dkimSigningAttributes"], wanted):
            origin = "EXTERNAL" if wanted.get("domainSigningSelector") else "AWS_SES"
            ses.put_email_identity_dkim_signing_attributes(
                EmailIdentity=resource_id, SigningAttributesOrigin=origin, SigningAttributes=_signing(wanted)
            )
        tagging.retag(ses, old["arn"], old, new)
        return self._computed(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("sesv2").delete_email_identity(EmailIdentity=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "dkimSigningAttributes" and known(old, new):
            return canonical(_plain(old)) == canonical(_plain(new))
        return super().equal(path, old, new)

    def _computed(self, call: Call, inputs: Properties) -> Properties:
        shown = self._shown(call, inputs["emailIdentity"], inputs)
        return {key: value for key, value in shown.items() if key not in inputs or key == "dkimSigningAttributes"}

    def _shown(self, call: Call, name: str, state: Properties) -> Properties:
        live = call.client("sesv2").get_email_identity(EmailIdentity=name)
        dkim = live["DkimAttributes"]
        made = dkim.get("LastKeyGenerationTimestamp")
        own = {"domainSigningSelector": dkim["Tokens"][0]} if dkim.get("SigningAttributesOrigin") == "EXTERNAL" else {}
        if own:
            # No service shows a private key again.
            own |= {key: state["dkimSigningAttributes"][key] for key in _OWN_KEY[:1] if key in (state.get("dkimSigningAttributes") or {})}
        return {
            "arn": call.arn("ses", f"identity/{name}"),
            "configurationSetName": live.get("ConfigurationSetName", ""),
            "dkimSigningAttributes": {
                "currentSigningKeyLength": dkim.get("CurrentSigningKeyLength", ""),
                "lastKeyGenerationTimestamp": moment(made) if isinstance(made, datetime) else "",
                "nextSigningKeyLength": dkim.get("NextSigningKeyLength", ""),
                "signingAttributesOrigin": dkim.get("SigningAttributesOrigin", ""),
                "status": dkim.get("Status", ""),
                "tokens": dkim.get("Tokens", []),
                **own,
            },
            "identityType": live["IdentityType"],
            "verificationStatus": live.get("VerificationStatus", ""),
            "verifiedForSendingStatus": live["VerifiedForSendingStatus"],
        }


class EmailIdentityMailFromAttributes(Handler):
    """The domain that mail of an identity returns to."""

    token = "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes"
    create_only = frozenset({"emailIdentity"})
    defaults = {"behaviorOnMxFailure": "USE_DEFAULT_VALUE"}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("sesv2", "PutEmailIdentityMailFromAttributes", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("sesv2").put_email_identity_mail_from_attributes(**self._request(inputs))
        return inputs["emailIdentity"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("sesv2").get_email_identity(EmailIdentity=resource_id).get("MailFromAttributes")
        if not live:
            return None
        return {
            "emailIdentity": resource_id,
            "behaviorOnMxFailure": live["BehaviorOnMxFailure"],
            "mailFromDomain": live.get("MailFromDomain", ""),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("sesv2").put_email_identity_mail_from_attributes(**self._request(new))
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("sesv2").put_email_identity_mail_from_attributes(EmailIdentity=resource_id)

    def _request(self, inputs: Properties) -> dict[str, Any]:
        return parameters(inputs, EmailIdentity="emailIdentity", BehaviorOnMxFailure="behaviorOnMxFailure", MailFromDomain="mailFromDomain")


class EmailIdentityFeedbackAttributes(Handler):
    """Whether bounces and complaints come back as mail; without the resource, they do not."""

    token = "aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes"
    create_only = frozenset({"emailIdentity"})
    defaults = {"emailForwardingEnabled": False}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs["emailIdentity"], forwarding=inputs["emailForwardingEnabled"])
        return inputs["emailIdentity"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("sesv2").get_email_identity(EmailIdentity=resource_id)
        return {"emailIdentity": resource_id, "emailForwardingEnabled": live["FeedbackForwardingStatus"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, resource_id, forwarding=new["emailForwardingEnabled"])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self._put(call, resource_id, forwarding=False)

    def _put(self, call: Call, name: str, *, forwarding: bool) -> None:
        call.client("sesv2").put_email_identity_feedback_attributes(EmailIdentity=name, EmailForwardingEnabled=forwarding)


class EmailIdentityPolicy(Handler):
    """Who else may send as an identity."""

    token = "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy"
    create_only = frozenset({"emailIdentity", "policyName"})
    documents = frozenset({"policy"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        found = documents.failures("policy", inputs["policy"], POLICY)
        return found or refusals("sesv2", "CreateEmailIdentityPolicy", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("sesv2").create_email_identity_policy(**self._request(inputs))
        return f"{inputs['emailIdentity']}|{inputs['policyName']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        identity, _, name = resource_id.rpartition("|")
        found = call.client("sesv2").get_email_identity_policies(EmailIdentity=identity)["Policies"]
        return {"emailIdentity": identity, "policyName": name, "policy": found[name]} if name in found else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("sesv2").update_email_identity_policy(**self._request(new))
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        identity, _, name = resource_id.rpartition("|")
        call.client("sesv2").delete_email_identity_policy(EmailIdentity=identity, PolicyName=name)

    def _request(self, inputs: Properties) -> dict[str, Any]:
        named = parameters(inputs, EmailIdentity="emailIdentity", PolicyName="policyName")
        return {**named, "Policy": documents.text(inputs["policy"])}


def _signing(attributes: Properties) -> Properties:
    return parameters(
        attributes,
        DomainSigningPrivateKey="domainSigningPrivateKey",
        DomainSigningSelector="domainSigningSelector",
        NextSigningKeyLength="nextSigningKeyLength",
    )


def _plain(attributes: Properties) -> Properties:
    """What a program can say of DKIM: to compare two."""
    if attributes.get("domainSigningSelector"):
        return {key: attributes.get(key, "") for key in _OWN_KEY}
    return {"nextSigningKeyLength": attributes.get("nextSigningKeyLength") or _LENGTH}
