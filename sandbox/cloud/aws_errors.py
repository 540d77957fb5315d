"""Error answers in the shape of each AWS wire protocol, so that SDKs read a code and a message instead of failing to parse."""

from __future__ import annotations

from xml.sax.saxutils import escape

from sandbox.cloud.aws_request import AwsRequest
from sandbox.cloud.messages import Answer

_REQUEST_ID = "00000000-0000-0000-0000-000000000000"


def error(request: AwsRequest | None, status: str, code: str, message: str) -> Answer:
    """An error answer to the request; the XML that most services use when the request is not an AWS one."""
    protocol = request.protocol if request else "query"
    text_code, text = escape(code), escape(message)
    if protocol in ("json", "rest-json"):
        kind = "application/x-amz-json-1.1" if protocol == "json" else "application/json"
        answer = Answer.json({"__type": code, "message": message}, status)
        return Answer(status, (("Content-Type", kind), ("x-amzn-ErrorType", code)), answer.body)
    if protocol == "ec2":
        body = (
            f"<Response><Errors><Error><Code>{text_code}</Code><Message>{text}</Message></Error></Errors>"
            f"<RequestID>{_REQUEST_ID}</RequestID></Response>"
        )
    elif request is not None and request.signing_name == "s3":
        body = f"<Error><Code>{text_code}</Code><Message>{text}</Message><RequestId>{_REQUEST_ID}</RequestId></Error>"
    else:
        body = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{text_code}</Code><Message>{text}</Message></Error>"
            f"<RequestId>{_REQUEST_ID}</RequestId></ErrorResponse>"
        )
    return Answer(status, (("Content-Type", "text/xml"),), b'<?xml version="1.0" encoding="UTF-8"?>' + body.encode())


def throttled(request: AwsRequest | None) -> Answer:
    """How the service says that it was called too often."""
    protocol, name = (request.protocol, request.signing_name) if request else ("query", "")
    message = "Rate exceeded (injected by the sandbox)"
    if protocol == "ec2":
        return error(request, "503 Service Unavailable", "RequestLimitExceeded", message)
    if name == "s3":
        return error(request, "503 Slow Down", "SlowDown", message)
    code = "ThrottlingException" if protocol in ("json", "rest-json") else "Throttling"
    return error(request, "400 Bad Request", code, message)
