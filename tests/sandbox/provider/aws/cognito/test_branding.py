"""Styles of the sign-in pages, which the emulated cloud keeps in the state only."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

STYLE = "aws:cognito/managedLoginBranding:ManagedLoginBranding"
GIVEN: dict[str, Any] = {"userPoolId": "eu-west-1_abcdefghi", "clientId": "1example23456789", "useCognitoProvidedValues": True}


def test_a_style_is_of_one_client_of_one_pool(workbench: Workbench) -> None:
    life = workbench.life(STYLE)
    made = life.create(**GIVEN)
    assert life.id == f"{GIVEN['userPoolId']},{made['managedLoginBrandingId']}"
    assert life.refresh() == []
    own = GIVEN | {"useCognitoProvidedValues": False, "settings": '{"components": {}}'}
    life.update(**own)
    assert life.outputs["managedLoginBrandingId"] == made["managedLoginBrandingId"]
    assert life.refresh() == []
    assert life.replaced_by(**own | {"clientId": "2example23456789"}) == {"clientId"}
    life.delete()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"useCognitoProvidedValues": False}, "useCognitoProvidedValues"),
        ({"settings": "{}"}, "useCognitoProvidedValues"),
        ({"userPoolId": "x"}, "userPoolId"),
    ],
)
def test_a_style_that_cognito_would_refuse_is_refused_at_preview(workbench: Workbench, change: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs, match=path):
        workbench.life(STYLE).check(**GIVEN | change)
