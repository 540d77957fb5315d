"""Who is acting."""

from __future__ import annotations

from sandbox.provider.handler import Call, Function
from sandbox.provider.values import Properties


class GetCallerIdentity(Function):
    """Account, ARN and user id of the credentials in use."""

    token = "aws:index/getCallerIdentity:getCallerIdentity"

    def invoke(self, call: Call, arguments: Properties) -> Properties:
        identity = call.client("sts").get_caller_identity()
        account = identity["Account"]
        return {"accountId": account, "arn": identity["Arn"], "id": account, "userId": identity["UserId"]}


class GetPartition(Function):
    """The partition of AWS: the sandbox stands in the commercial one."""

    token = "aws:index/getPartition:getPartition"

    def invoke(self, call: Call, arguments: Properties) -> Properties:
        return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}
