"""The class in the installed SDK that a type token stands for."""

import importlib
import inspect
import keyword
import re
from functools import cache
from typing import Any


@cache
def resource_class(token: str) -> Any:
    """Return the class of a token such as `aws:ec2/vpc:Vpc`, by the SDK's own rule for module names."""
    _, module, name = token.split(":")
    package, _, _ = module.partition("/")
    package = f"{package}_" if keyword.iskeyword(package) else package
    leaf = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    found = getattr(importlib.import_module(f"pulumi_aws.{package}.{leaf}"), name)
    if found.pulumi_type != token:
        raise AssertionError(f"{found} is of type {found.pulumi_type}, not {token}")
    return found


@cache
def takes(token: str, argument: str) -> bool:
    """Return whether resources of a type have an argument, such as `tags`."""
    return argument in inspect.signature(resource_class(token)._internal_init).parameters
