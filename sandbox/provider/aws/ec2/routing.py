"""Single routes, and which subnet or gateway uses which route table."""

from __future__ import annotations

import re
import zlib
from typing import Any

from sandbox.provider.aws.ec2 import routes
from sandbox.provider.aws.ec2.common import exactly_one, given, where
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import Properties

_OWN_ID = re.compile(r"r-(rtb-(?:[0-9a-f]{17}|[0-9a-f]{8}))(\d+)")


class Route(Handler):
    """One route of a route table."""

    token = "aws:ec2/route:Route"
    create_only = frozenset({"routeTableId", *routes.DESTINATIONS})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return routes.failures(inputs, routes.DESTINATIONS)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return self._computed(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        table, destination = inputs["routeTableId"], routes.destination(inputs, routes.DESTINATIONS)
        call.client("ec2").create_route(RouteTableId=table, **destination, **routes.target(inputs))
        return f"r-{table}{_number(_value(destination))}", self._computed(inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        if state:
            table, destination = state["routeTableId"], _value(routes.destination(state, routes.DESTINATIONS))
        else:
            table, destination = _parse(resource_id)
        described = call.client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        found = (route for route in described if _is(route, destination))
        route = next(found, None)
        if route is None:
            return None
        live = routes.from_api(route, routes.DESTINATIONS)
        # A target that was declared and is another now must show as changed, not as absent.
        lost = {name: "" for name in routes.TARGETS if state.get(name)}
        return lost | self._computed(live) | live | {"routeTableId": table, "origin": route["Origin"], "state": route["State"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        destination = routes.destination(new, routes.DESTINATIONS)
        routes.point(call.client("ec2"), new["routeTableId"], destination, new)
        return self._computed(new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        destination = routes.destination(state, routes.DESTINATIONS)
        call.client("ec2").delete_route(RouteTableId=state["routeTableId"], **destination)

    def _computed(self, inputs: Properties) -> Properties:
        return {
            "instanceId": "",
            "instanceOwnerId": "",
            "networkInterfaceId": inputs.get("networkInterfaceId", ""),
            "origin": "CreateRoute",
            "state": "active",
        }


def _value(destination: Properties) -> str:
    return str(next(iter(destination.values())))


def _is(route: Properties, destination: str) -> bool:
    """Whether a described route is the one for this destination, given itself or as the number in a route's own id."""
    own = _value(routes.destination(routes.from_api(route, routes.DESTINATIONS), routes.DESTINATIONS))
    return destination in (own, str(_number(own)))


def _number(destination: str) -> int:
    """What the real provider makes of a destination for the route's id."""
    return zlib.crc32(destination.encode())


def _parse(import_id: str) -> tuple[str, str]:
    """(route table, destination or its number) of an id: the route's own, or `<route table>_<destination>` as imports take it."""
    own = _OWN_ID.fullmatch(import_id)
    if own:
        return own[1], own[2]
    table, separator, destination = import_id.partition("_")
    if not separator:
        raise HandlerError(f"a route is imported as <route table>_<destination>, such as rtb-12345678_10.0.0.0/8 (got {import_id})")
    return table, destination


class RouteTableAssociation(Handler):
    """Which route table a subnet or a gateway uses."""

    token = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    create_only = frozenset({"subnetId", "gatewayId"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return exactly_one(inputs, ("subnetId", "gatewayId"))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("ec2").associate_route_table(
            RouteTableId=inputs["routeTableId"],
            **given(SubnetId=inputs.get("subnetId"), GatewayId=inputs.get("gatewayId")),
        )
        return made["AssociationId"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        ec2 = call.client("ec2")
        found = self._find(ec2, state) if state else self._imported(ec2, resource_id)
        if found is None:
            return None
        return {
            "routeTableId": found["RouteTableId"],
            "subnetId": found.get("SubnetId"),
            "gatewayId": found.get("GatewayId"),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ec2 = call.client("ec2")
        held = self._find(ec2, new)
        if held is None:
            raise HandlerError(f"the association of {_target(new)} is gone: refresh, then run again")
        if held["RouteTableId"] != new["routeTableId"]:
            ec2.replace_route_table_association(AssociationId=held["RouteTableAssociationId"], RouteTableId=new["routeTableId"])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        # Found by what it associates: an update gave it another id.
        ec2 = call.client("ec2")
        held = self._find(ec2, state)
        if held and held["RouteTableId"] == state["routeTableId"]:
            ec2.disassociate_route_table(AssociationId=held["RouteTableAssociationId"])

    def _find(self, ec2: Any, properties: Properties) -> Properties | None:
        target = _target(properties)
        # The emulated cloud's filter on subnets matches gateways too, and has none for gateways.
        tables = ec2.describe_route_tables(**where(association__subnet_id=target))["RouteTables"]
        return next((item for item in _associations(tables) if target in (item.get("SubnetId"), item.get("GatewayId"))), None)

    def _imported(self, ec2: Any, import_id: str) -> Properties | None:
        """By the association's own id, or by `<subnet or gateway>/<route table>` as imports take it."""
        target, separator, _ = import_id.partition("/")
        if separator:
            return self._find(ec2, {"subnetId": target})
        found = ec2.describe_route_tables(**where(association__route_table_association_id=import_id))["RouteTables"]
        return next((item for item in _associations(found) if item["RouteTableAssociationId"] == import_id), None)


def _target(properties: Properties) -> str:
    return str(properties.get("subnetId") or properties.get("gatewayId"))


def _associations(tables: list[Properties]) -> list[Properties]:
    return [association for table in tables for association in table["Associations"]]
