"""Route tables: a VPC's own and the one it comes with."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2 import routes
from sandbox.provider.aws.ec2.common import adopt_tags, lacking, retag, tagged
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties, canonical


class _Table(Handler):
    """What both kinds share: the routes inside a table."""

    unordered = frozenset({"propagatingVgws"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures = lacking(inputs, {"propagatingVgws": "route propagation from VPN gateways"})
        declared = inputs.get("routes", [])
        for position, route in enumerate([] if declared is UNKNOWN else declared):
            if route is not UNKNOWN:
                failures += routes.failures(route, routes.TABLE_DESTINATIONS, f"routes[{position}]")
        return failures

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"ownerId": call.account, "propagatingVgws": []}

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "routes":
            return sorted(map(canonical, routes.plain(old))) == sorted(map(canonical, routes.plain(new)))
        return super().equal(path, old, new)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, resource_id, old, new)
        if "routes" not in new:
            # Routes that are no longer declared inside the table are left to whoever declares them.
            return {"routes": old.get("routes", []), "propagatingVgws": []}
        live = [routes.from_api(route, routes.TABLE_DESTINATIONS) for route in self._described_routes(call, resource_id)]
        routes.bring(call.client("ec2"), resource_id, live, old.get("routes", []), new["routes"])
        return {"propagatingVgws": []}

    def _describe(self, call: Call, table_id: str) -> Properties:
        return dict(call.client("ec2").describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0])

    def _described_routes(self, call: Call, table_id: str) -> list[Properties]:
        return _declarable(self._describe(call, table_id))

    def _computed(self, call: Call, table: Properties) -> Properties:
        return {
            "arn": call.arn("ec2", f"route-table/{table['RouteTableId']}"),
            "ownerId": table["OwnerId"],
            "propagatingVgws": [],
        }

    def _outputs(self, call: Call, table: Properties) -> Properties:
        return self._computed(call, table) | {
            "vpcId": table["VpcId"],
            "routes": [routes.from_api(route, routes.TABLE_DESTINATIONS) for route in _declarable(table)],
            "tags": tagging.mapping(table["Tags"]),
        }


def _declarable(table: Properties) -> list[Properties]:
    """The table's routes but for those that AWS keeps by itself: to the VPC, and to gateway endpoints."""
    return [route for route in table["Routes"] if route.get("GatewayId") != "local" and not routes.of_endpoint(route)]


class RouteTable(_Table):
    """A route table; its routes may stand inside it or be resources of their own."""

    token = "aws:ec2/routeTable:RouteTable"
    create_only = frozenset({"vpcId"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2 = call.client("ec2")
        table = ec2.create_route_table(VpcId=inputs["vpcId"], **tagged("route-table", inputs["tagsAll"]))["RouteTable"]
        declared = inputs.get("routes", [])
        routes.bring(ec2, table["RouteTableId"], [], [], declared)
        return table["RouteTableId"], self._computed(call, table) | {"routes": declared}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return self._outputs(call, self._describe(call, resource_id))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        ec2 = call.client("ec2")
        for association in self._describe(call, resource_id)["Associations"]:
            ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
        ec2.delete_route_table(RouteTableId=resource_id)


class DefaultRouteTable(_Table):
    """The main route table that a VPC comes with: adopted, brought to exactly the declared routes, and left as it is at the end."""

    token = "aws:ec2/defaultRouteTable:DefaultRouteTable"
    create_only = frozenset({"defaultRouteTableId"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        table_id, declared = inputs["defaultRouteTableId"], inputs.get("routes", [])
        table = self._describe(call, table_id)
        live = [routes.from_api(route, routes.TABLE_DESTINATIONS) for route in _declarable(table)]
        routes.bring(call.client("ec2"), table_id, live, live, declared)
        adopt_tags(call, table_id, tagging.mapping(table["Tags"]), inputs["tagsAll"])
        return table_id, self._computed(call, table) | {"routes": declared, "vpcId": table["VpcId"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return self._outputs(call, self._describe(call, resource_id)) | {"defaultRouteTableId": resource_id}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """AWS has no call that would delete it; it ends with its VPC."""
