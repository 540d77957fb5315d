"""The base class of every component: a frozen type token, tags, parentage and published outputs."""

import inspect
import re
from collections.abc import Sequence
from typing import Any, ClassVar, TypedDict, Unpack

import pulumi

from components._base.context import Context
from components._base.placement import standing_in
from config.vocabulary import Backup, DataClass

_TOKEN = re.compile(r"[a-z]+:[A-Z][A-Za-z0-9]*")


class ChildOptions(TypedDict, total=False):
    """What a component may say about a child, beyond that it is its parent."""

    depends_on: pulumi.Input[Sequence[pulumi.Input[pulumi.Resource]] | pulumi.Resource]
    """None is the parent's."""
    protect: bool
    ignore_changes: list[str]
    aliases: Sequence[pulumi.Input[str | pulumi.Alias]]
    delete_before_replace: bool
    replace_on_changes: list[str]
    additional_secret_outputs: list[str]
    custom_timeouts: pulumi.CustomTimeouts
    retain_on_delete: bool
    deleted_with: pulumi.Resource


class Component(pulumi.ComponentResource):
    """A named group of resources with tags from its context, in its context's region.

    A subclass gives its token (`class Network(Component, token="network:Network")`), annotates what it publishes
    (`vpc_id: pulumi.Output[str]`) and ends its constructor with `self.publish()`. The type becomes
    `morefocus:<token>` and is part of the identity of everything inside: it never changes without an alias.
    """

    context: Context
    _token: ClassVar[str]
    _outputs: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, token: str, **more: Any) -> None:
        super().__init_subclass__(**more)
        if not _TOKEN.fullmatch(token):
            raise TypeError(f"token of {cls.__name__} must look like 'network:Network' (got {token!r})")
        cls._token = token
        cls._outputs = (*cls._outputs, *_declared_outputs(cls))

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        if context.origin is not None:
            opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=[standing_in(context.region.value)]))
        super().__init__(f"morefocus:{self._token}", name, None, opts)
        self.context = context
        self._component = name

    def tags(
        self, data_class: DataClass, *, name: str | None = None, tenant: str | None = None, backup: Backup | None = None
    ) -> dict[str, str]:
        """Return the tags of a child that holds `data_class`; a store says in `backup` what backs it up.

        `name` is the child's logical name; given, the tag `Name` is its physical form. Data-less things such as
        routes are `DataClass.OPERATIONAL`.
        """
        shown = None if name is None else self.context.physical(name, limit=255)
        return self.context.tags(self._component, data_class, name=shown, tenant=tenant, backup=backup)

    def child(self, *, there: Context | None = None, **more: Unpack[ChildOptions]) -> pulumi.ResourceOptions:
        """Return the options of a child: this component is its parent, and no caller's option is passed on.

        `there` is the context of a single child that may stand in another region than the component.
        """
        placed = None if there is None or there.origin is None else [standing_in(there.region.value)]
        return pulumi.ResourceOptions(parent=self, transformations=placed, **more)

    def publish(self) -> None:
        """Register exactly the annotated outputs.

        Raises TypeError, naming the component and the outputs, when one was declared and never set.
        """
        missing = [output for output in self._outputs if output not in self.__dict__]
        if missing:
            raise TypeError(f"{type(self).__name__} declares {', '.join(missing)} and never sets it")
        self.register_outputs({output: self.__dict__[output] for output in self._outputs})


def _declared_outputs(cls: type) -> list[str]:
    """Names annotated in the body of `cls` itself, without private ones and class variables."""
    annotations = inspect.get_annotations(cls)
    return [name for name, kind in annotations.items() if not name.startswith("_") and "ClassVar" not in str(kind)]
