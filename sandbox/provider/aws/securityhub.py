"""Security Hub: the account's subscription, the standards it is judged by, and the products whose findings it takes."""

from __future__ import annotations

from sandbox.provider.errors import Failure, passing
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties, known


class Account(Handler):
    """The account's subscription in a region."""

    token = "aws:securityhub/account:Account"
    create_only = frozenset({"enableDefaultStandards"})
    defaults = {"autoEnableControls": True, "enableDefaultStandards": True}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("securityhub", "EnableSecurityHub", parameters(inputs, ControlFindingGenerator="controlFindingGenerator"))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("securityhub", "hub/default"),
            "controlFindingGenerator": inputs.get("controlFindingGenerator", "SECURITY_CONTROL"),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        hub = call.client("securityhub")
        generator = parameters(inputs, ControlFindingGenerator="controlFindingGenerator")
        hub.enable_security_hub(EnableDefaultStandards=inputs["enableDefaultStandards"], **generator)
        hub.update_security_hub_configuration(AutoEnableControls=inputs["autoEnableControls"])
        return call.account, self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = _hub(call)
        if live is None:
            return None
        return {
            "arn": live["HubArn"],
            "autoEnableControls": live["AutoEnableControls"],
            "controlFindingGenerator": live["ControlFindingGenerator"],
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        generator = parameters(new, ControlFindingGenerator="controlFindingGenerator")
        call.client("securityhub").update_security_hub_configuration(AutoEnableControls=new["autoEnableControls"], **generator)
        kept = new.get("controlFindingGenerator", old["controlFindingGenerator"])
        return {**self.preview(call, new), "controlFindingGenerator": kept}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if _hub(call) is not None:
            call.client("securityhub").disable_security_hub()


class StandardsSubscription(Handler):
    """A standard that the account is judged by."""

    token = "aws:securityhub/standardsSubscription:StandardsSubscription"
    create_only = frozenset({"standardsArn"})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": self._arn(call, inputs["standardsArn"])} if known(inputs["standardsArn"]) else {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        wanted = [{"StandardsArn": inputs["standardsArn"]}]
        made = call.client("securityhub").batch_enable_standards(StandardsSubscriptionRequests=wanted)["StandardsSubscriptions"]
        arn = made[0]["StandardsSubscriptionArn"]
        return arn, {"arn": arn}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        if _hub(call) is None:
            return None
        found = call.client("securityhub").get_enabled_standards(StandardsSubscriptionArns=[resource_id])["StandardsSubscriptions"]
        return {"arn": resource_id, "standardsArn": found[0]["StandardsArn"]} if found else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        """Its only input replaces: there is nothing to change in place."""
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if _hub(call) is not None:
            call.client("securityhub").batch_disable_standards(StandardsSubscriptionArns=[resource_id])

    def _arn(self, call: Call, standard: str) -> str:
        kind = "ruleset/" if ":::ruleset/" in standard else "standards/"
        return call.arn("securityhub", f"subscription/{standard.partition(kind)[2]}")


class ProductSubscription(Handler):
    """A product whose findings the account takes."""

    token = "aws:securityhub/productSubscription:ProductSubscription"
    create_only = frozenset({"productArn"})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        product = inputs["productArn"]
        return {"arn": call.arn("securityhub", f"product-subscription/{product.partition('product/')[2]}")} if known(product) else {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("securityhub").enable_import_findings_for_product(ProductArn=inputs["productArn"])
        return f"{inputs['productArn']},{made['ProductSubscriptionArn']}", {"arn": made["ProductSubscriptionArn"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        product, _, arn = resource_id.partition(",")
        if _hub(call) is None or arn not in call.client("securityhub").list_enabled_products_for_import()["ProductSubscriptions"]:
            return None
        return {"productArn": product, "arn": arn}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        """Its only input replaces: there is nothing to change in place."""
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if _hub(call) is not None:
            call.client("securityhub").disable_import_findings_for_product(ProductSubscriptionArn=resource_id.partition(",")[2])


class FindingAggregator(Handler):
    """The region that gathers the findings of others."""

    token = "aws:securityhub/findingAggregator:FindingAggregator"
    unordered = frozenset({"specifiedRegions"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if inputs["linkingMode"] == "ALL_REGIONS" and inputs.get("specifiedRegions"):
            return [Failure("specifiedRegions", "ALL_REGIONS takes no list: leave it out, or use linkingMode SPECIFIED_REGIONS")]
        return refusals("securityhub", "CreateFindingAggregator", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        arn = call.client("securityhub").create_finding_aggregator(**self._request(inputs))["FindingAggregatorArn"]
        return arn, {"arn": arn}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        if _hub(call) is None:
            return None
        live = call.client("securityhub").get_finding_aggregator(FindingAggregatorArn=resource_id)
        regions = {"specifiedRegions": live["Regions"]} if live.get("Regions") else {}
        return {"arn": resource_id, "linkingMode": live["RegionLinkingMode"], **regions}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("securityhub").update_finding_aggregator(FindingAggregatorArn=resource_id, **self._request(new))
        return {"arn": resource_id}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if _hub(call) is not None:
            call.client("securityhub").delete_finding_aggregator(FindingAggregatorArn=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        return parameters(inputs, RegionLinkingMode="linkingMode", Regions="specifiedRegions")


def _hub(call: Call) -> Properties | None:
    """The account's subscription; None where it has none, of which Security Hub says that access is invalid."""
    with passing("InvalidAccessException"):
        return dict(call.client("securityhub").describe_hub())
    return None
