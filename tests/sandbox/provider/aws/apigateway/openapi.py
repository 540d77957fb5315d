"""A small API as an OpenAPI document, with everything that an import makes."""

from __future__ import annotations

import copy
import json
from typing import Any

FUNCTION = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:bookings:live/invocations"
)
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Abc123"
_INTEGRATION = {"type": "aws_proxy", "httpMethod": "POST", "uri": FUNCTION, "timeoutInMillis": 10_000}
_CORS = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 204}'},
    "responses": {
        "default": {
            "statusCode": "204",
            "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'https://app.morefocus.example'"},
        }
    },
}
_DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "bookings", "version": "1", "description": "Bookings of the scheduling service"},
    "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True, "validateRequestParameters": True}},
    "x-amazon-apigateway-request-validator": "all",
    "x-amazon-apigateway-gateway-responses": {
        "UNAUTHORIZED": {
            "statusCode": 401,
            "responseParameters": {"gatewayresponse.header.WWW-Authenticate": "'Bearer'"},
            "responseTemplates": {"application/problem+json": '{"status": 401}'},
        }
    },
    "security": [{"users": ["openid"], "key": []}],
    "paths": {
        "/v1/bookings": {
            "parameters": [{"name": "Authorization", "in": "header", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "listBookings",
                "parameters": [{"$ref": "#/components/parameters/Day"}],
                "responses": {"200": {"description": "Bookings", "headers": {"Cache-Control": {"schema": {"type": "string"}}}}},
                "x-amazon-apigateway-integration": {
                    **_INTEGRATION,
                    "requestParameters": {"integration.request.querystring.day": "method.request.querystring.day"},
                    "cacheKeyParameters": ["method.request.querystring.day", "method.request.header.Authorization"],
                    "cacheNamespace": "bookings",
                },
            },
            "post": {
                "operationId": "book",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Booking"}}}},
                "responses": {"201": {"description": "Booked"}, "default": {"description": "A problem"}},
                "x-amazon-apigateway-integration": _INTEGRATION,
            },
            "options": {
                "security": [],
                "responses": {
                    "204": {"description": "Allowed", "headers": {"Access-Control-Allow-Origin": {"schema": {"type": "string"}}}}
                },
                "x-amazon-apigateway-integration": _CORS,
            },
        },
        "/v1/bookings/{id}": {
            "get": {
                "operationId": "getBooking",
                "security": [{"users": []}],
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {
                    "200": {
                        "description": "A booking",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Booking"}}},
                    }
                },
                "x-amazon-apigateway-integration": _INTEGRATION,
            }
        },
    },
    "components": {
        "parameters": {"Day": {"name": "day", "in": "query", "required": True, "schema": {"type": "string"}}},
        "schemas": {
            "Booking": {
                "type": "object",
                "required": ["start"],
                "properties": {"start": {"$ref": "#/components/schemas/Moment"}},
            },
            "Moment": {"type": "string", "format": "date-time"},
        },
        "securitySchemes": {
            "users": {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
            },
            "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        },
    },
}


def document() -> dict[str, Any]:
    """The document, to be changed at will."""
    return copy.deepcopy(_DOCUMENT)


def body() -> str:
    """The document as an API's body."""
    return json.dumps(_DOCUMENT)
