"""The keys of a region, one for each class of data (SEC-4)."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context
from components.security.data_key import DataKey, DataKeyArgs
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class KeysArgs:
    """What is the same for all keys; values are checked by `DataKeyArgs`."""

    rotation_days: int = 365
    protect: bool = True
    """Refuse to delete the keys."""

    def __post_init__(self) -> None:
        DataKeyArgs(data_class=DataClass.PERSONAL, rotation_days=self.rotation_days)


class Keys(Component, token="security:Keys"):
    """A key for personal data, credentials, operational data and logs; public data has none."""

    personal_arn: pulumi.Output[str]
    credentials_arn: pulumi.Output[str]
    operational_arn: pulumi.Output[str]
    logs_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self.personal_arn = self._key(DataClass.PERSONAL)
        self.credentials_arn = self._key(DataClass.CREDENTIALS)
        self.operational_arn = self._key(DataClass.OPERATIONAL)
        self.logs_arn = self._key(DataClass.LOGS)
        self.publish()

    def _key(self, data_class: DataClass) -> pulumi.Output[str]:
        args = DataKeyArgs(data_class=data_class, rotation_days=self._args.rotation_days, protect=self._args.protect)
        return DataKey(f"{self._component}-{data_class}", self.context, args, opts=self.child()).arn
