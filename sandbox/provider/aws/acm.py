"""AWS Certificate Manager."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties

_IMPORTED = frozenset({"certificateBody", "certificateChain", "privateKey", "privateKeyWo", "privateKeyWoVersion"})
_REQUEST = Translation(
    "acm",
    "RequestCertificate",
    names={"validationOptions": "DomainValidationOptions"},
    apart=_IMPORTED | {"earlyRenewalDuration"},
)
# https://docs.aws.amazon.com/acm/latest/userguide/email-validation.html
_MAILBOXES = ("administrator", "hostmaster", "postmaster", "webmaster", "admin")


class Certificate(Handler):
    """A certificate that ACM issues, or one made elsewhere and imported."""

    token = "aws:acm/certificate:Certificate"
    support = Support.PARTLY
    gap = "keys other than RSA 2048, e-mail validation, changed options and renewals are in the state only; records have fixed names"
    create_only = frozenset(
        {"certificateAuthorityArn", "domainName", "keyAlgorithm", "subjectAlternativeNames", "validationMethod", "validationOptions"}
    )
    unordered = frozenset({"subjectAlternativeNames", "validationOptions"})
    volatile = frozenset({"notAfter", "notBefore", "status", "domainValidationOptions"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        imported = [name for name in _IMPORTED if inputs.get(name)]
        if imported and inputs.get("domainName"):
            return [Failure("domainName", "not for an imported certificate: its names are in certificateBody")]
        if imported:
            key = inputs.get("privateKey") or inputs.get("privateKeyWo")
            return (
                []
                if key and inputs.get("certificateBody")
                else [Failure("certificateBody", "an import needs certificateBody and privateKey")]
            )
        if not inputs.get("domainName"):
            return [Failure("domainName", "needed, unless a certificate is imported")]
        return _REQUEST.failures(_asked(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        acm = call.client("acm")
        if inputs.get("domainName"):
            token = call.token().replace("-", "")
            arn = acm.request_certificate(
                IdempotencyToken=token, **_REQUEST.request(_asked(inputs)), **tagging.parameter(inputs["tagsAll"])
            )
        else:
            arn = acm.import_certificate(**_material(inputs), **tagging.parameter(inputs["tagsAll"]))
        return arn["CertificateArn"], self._outputs(call, arn["CertificateArn"], inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        acm = call.client("acm")
        live = acm.describe_certificate(CertificateArn=resource_id)["Certificate"]
        found = _REQUEST.properties(self.token, live) | _described(live, state)
        for kept in ("keyAlgorithm", "options", "validationOptions"):
            if kept in state:
                found.pop(kept, None)
        found["subjectAlternativeNames"] = _names(live, state)
        return found | {"tags": tagging.mapping(acm.list_tags_for_certificate(CertificateArn=resource_id)["Tags"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        acm = call.client("acm")
        if any(old.get(name) != new.get(name) for name in _IMPORTED):
            acm.import_certificate(CertificateArn=resource_id, **_material(new))
        setting, removing = tagging.changed(old, new)
        if setting:
            acm.add_tags_to_certificate(CertificateArn=resource_id, Tags=tagging.pairs(setting))
        if removing:
            acm.remove_tags_from_certificate(CertificateArn=resource_id, Tags=[{"Key": key} for key in removing])
        return self._outputs(call, resource_id, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("acm").delete_certificate(CertificateArn=resource_id)

    def _outputs(self, call: Call, arn: str, inputs: Properties) -> Properties:
        live = call.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
        found = {"keyAlgorithm": live["KeyAlgorithm"], **_REQUEST.properties(self.token, live), **_described(live, inputs)}
        found["subjectAlternativeNames"] = _names(live, inputs)
        return with_blanks(self.token, inputs, {key: value for key, value in found.items() if key not in inputs})


class CertificateValidation(Handler):
    """Stands for the moment when a certificate is issued; nothing of the cloud's own."""

    token = "aws:acm/certificateValidation:CertificateValidation"
    support = Support.PARTLY
    gap = "ACM issues without looking at the records"
    create_only = frozenset({"certificateArn", "validationRecordFqdns"})
    unordered = frozenset({"validationRecordFqdns"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        live = call.client("acm").describe_certificate(CertificateArn=inputs["certificateArn"])["Certificate"]
        if live["Type"] != "AMAZON_ISSUED":
            raise HandlerError(f"{inputs['certificateArn']} is {live['Type']}: only a certificate that ACM issues is validated")
        needed = {
            item["ResourceRecord"]["Name"].rstrip(".") for item in live.get("DomainValidationOptions", []) if "ResourceRecord" in item
        }
        given = {name.rstrip(".") for name in inputs.get("validationRecordFqdns") or []}
        if given and needed - given:
            raise HandlerError(f"validationRecordFqdns lacks {', '.join(sorted(needed - given))}: ACM would wait for it in vain")
        return f"{live['IssuedAt']:%Y-%m-%d %H:%M:%S} +0000 UTC", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        if not state:
            return None
        call.client("acm").describe_certificate(CertificateArn=state["certificateArn"])
        return {"certificateArn": state["certificateArn"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """A certificate that was validated stays so."""


def _asked(inputs: Properties) -> Properties:
    """The inputs as RequestCertificate wants them: it adds the domain to the alternative names itself."""
    names = inputs.get("subjectAlternativeNames")
    others = [name for name in names if name != inputs["domainName"]] if isinstance(names, list) else names
    return {**inputs, "subjectAlternativeNames": others or None}


def _material(inputs: Properties) -> Properties:
    key = inputs.get("privateKey") or inputs.get("privateKeyWo")
    chain = {"CertificateChain": inputs["certificateChain"]} if inputs.get("certificateChain") else {}
    return {"Certificate": inputs["certificateBody"], "PrivateKey": key, **chain}


def _names(live: dict[str, Any], declared: Properties) -> list[str]:
    """The alternative names, without the domain where the program leaves it to ACM to add it."""
    names = sorted(live.get("SubjectAlternativeNames", []))
    wanted = declared.get("subjectAlternativeNames")
    own = wanted is None or live["DomainName"] in wanted
    return names if own else [name for name in names if name != live["DomainName"]]


def _described(live: dict[str, Any], inputs: Properties) -> Properties:
    """What ACM says of a certificate beyond its request."""
    method = inputs.get("validationMethod") or ("NONE" if live["Type"] == "IMPORTED" else "DNS")
    options = sorted(live.get("DomainValidationOptions", []), key=lambda item: str(item["DomainName"]))
    issued = live["Status"] != "PENDING_VALIDATION"
    return {
        "arn": live["CertificateArn"],
        "domainName": live["DomainName"],
        "validationMethod": method,
        "domainValidationOptions": [_record(item) for item in options] if method == "DNS" else [],
        "validationEmails": [f"{box}@{item['ValidationDomain']}" for item in options for box in _MAILBOXES] if method == "EMAIL" else [],
        "notBefore": _time(live.get("NotBefore")) if issued else "",
        "notAfter": _time(live.get("NotAfter")) if issued else "",
        "renewalEligibility": live["RenewalEligibility"],
        "status": live["Status"],
        "type": live["Type"],
    }


def _record(option: dict[str, Any]) -> Properties:
    record = option["ResourceRecord"]
    return {
        "domainName": option["DomainName"],
        "resourceRecordName": record["Name"],
        "resourceRecordType": record["Type"],
        "resourceRecordValue": record["Value"],
    }


def _time(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""
