"""The sandbox's reference names every type with how it is held."""

from sandbox.provider import registry
from scripts.reference import sandbox_coverage


def test_every_type_and_data_source_is_on_the_page_with_its_support() -> None:
    page = sandbox_coverage.render()
    for token, handler in registry.handlers().items():
        assert f"| `{token}` | {handler.support.value} |" in page
    for token in registry.functions():
        assert f"| `{token}` |" in page
