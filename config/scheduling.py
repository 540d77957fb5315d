"""The scheduling service of a region: its senders and payments, how long data is kept, how much runs (SCH-1 to SCH-11).

Everything its functions read from Secrets Manager is a row of the catalogue of secrets; what has none is an error here (API-6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model, TimeZone
from config.vocabulary import Market, Region

WhatsApp = Literal["z-api", "ultramsg", "meta"]
Payment = Literal["stripe", "mercado-pago"]
Language = Literal["en", "es", "pt-BR"]

LONGEST_ANSWER = 29
"""Seconds that API Gateway waits for a function.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """One way to WhatsApp."""

    row: str
    """Row of the catalogue of secrets."""
    official: bool


GATEWAYS: Mapping[WhatsApp, Gateway] = {
    "z-api": Gateway(row="z-api", official=False),
    "ultramsg": Gateway(row="ultramsg", official=False),
    "meta": Gateway(row="whatsapp-business", official=True),
}


PAYMENT_ROWS: Mapping[Payment, tuple[str, ...]] = {
    "stripe": ("stripe-webhook",),
    "mercado-pago": ("mercado-pago", "mercado-pago-webhook"),
}
"""Rows of the catalogue of secrets: Stripe's notices say all, Mercado Pago is asked for what it tells of."""
ADDRESS_KEY = "scheduling-address-key"
"""Row of the key by which addresses are marked that get no more mail."""


class RetentionPlan(Model):
    """Days that each class of the service's data is kept (SCH-8, COM-2): the functions write them into the items as their end."""

    booking: Annotated[Count, Field(ge=1, le=3650, description="days that a booking is kept after it took place, 1 to 3650")]
    customer: Annotated[
        Count | None, Field(ge=1, le=3650, description="days that a customer is kept after the last change; null until erased")
    ]
    payment: Annotated[Count, Field(ge=1, le=3650, description="days that a payment is kept, 1 to 3650; tax law may want years")]
    message: Annotated[Count, Field(ge=1, le=3650, description="days that it is known which messages were sent, 1 to 3650")]
    audit: Annotated[Count, Field(ge=365, le=3650, description="days that accesses to personal data are on record, a year at least")]
    webhook: Annotated[Count, Field(ge=1, le=365, description="days in which a payment notice that comes again is known, 1 to 365")]


class FunctionPlan(Model):
    """How much one function may take."""

    memory_mb: Annotated[Count, Field(ge=128, le=10240, description="memory in MB, 128 to 10240; processor time grows with it")]
    timeout_seconds: Annotated[Count, Field(ge=1, le=900, description="seconds that one call may last, 1 to 900")]
    reserved_concurrency: Annotated[
        Count | None,
        Field(ge=1, le=1000, description="calls at a time that are kept for it, and more than which it never gets; null shares the rest"),
    ]


class FunctionsPlan(Model):
    """Every function of the service."""

    bookings: Annotated[FunctionPlan, Field(description="routes of bookings, resources and customers")]
    privacy: Annotated[FunctionPlan, Field(description="export and erasure of one person's data")]
    payments: Annotated[FunctionPlan, Field(description="webhooks of Stripe and Mercado Pago")]
    messages: Annotated[FunctionPlan, Field(description="worker of the queue: WhatsApp and mail")]
    tokens: Annotated[FunctionPlan, Field(description="adds the tenant to a token before Cognito signs it")]
    feedback: Annotated[FunctionPlan, Field(description="bounces and complaints of mail")]
    audit: Annotated[FunctionPlan, Field(description="writes changes of the table to the audit log")]

    @model_validator(mode="after")
    def _answers_in_time(self) -> "FunctionsPlan":
        for name in ("bookings", "privacy", "payments"):
            seconds = getattr(self, name).timeout_seconds
            if seconds > LONGEST_ANSWER:
                allowed = f"at most {LONGEST_ANSWER}, after which API Gateway gives up"
                raise refuse(allowed, "lower it", key=f"{name}.timeout_seconds", given=seconds)
        if self.tokens.timeout_seconds > 5:
            allowed = "at most 5, after which Cognito gives up"
            raise refuse(allowed, "lower it", key="tokens.timeout_seconds", given=self.tokens.timeout_seconds)
        return self

    @property
    def reserved(self) -> int:
        """Return how many calls at a time are kept for all functions together."""
        plans: list[FunctionPlan] = [getattr(self, name) for name in FunctionsPlan.model_fields]
        return sum(plan.reserved_concurrency or 0 for plan in plans)


class CanaryPlan(Model):
    """How a new version of a function takes over: a share of the calls at a time, back at once when an alarm rings (DEL-3)."""

    steps: Annotated[tuple[Count, ...], Field(min_length=1, max_length=10, description="rising percentages of calls; the last one is 100")]
    bake_minutes: Annotated[Count, Field(ge=1, le=120, description="minutes that each step is watched, 1 to 120")]

    @model_validator(mode="after")
    def _rises(self) -> "CanaryPlan":
        rising = list(self.steps) == sorted(set(self.steps))
        if not rising or self.steps[0] < 1 or self.steps[-1] != 100:
            raise refuse("rising percentages that end in 100, such as [5, 25, 50, 100]", "correct them", key="steps", given=self.steps)
        return self


class ArtifactPlan(Model):
    """A bundle of the functions that was uploaded, such as by `make publish-functions`."""

    key: Annotated[
        str, Field(max_length=512, pattern=r"^[A-Za-z0-9._/-]+\.zip$", description="key in the bucket of releases, ending in .zip")
    ]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bundle: 64 hexadecimal digits")]


class MailPlan(Model):
    """Who mails are from (SCH-6)."""

    sender: Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", description="part of the sender's address before the @")]
    dmarc_reports: Annotated[
        str | None, Field(pattern=_EMAIL, description="address that mail providers report misuse of the domain to; null for none")
    ]


class SchedulingPlan(Model):
    """Whether a stack has the scheduling service, and how (SCH-1 to SCH-11, API-1 to API-5, D11)."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
    whatsapp: Annotated[WhatsApp, Field(description=f"who sends WhatsApp messages: {', '.join(get_args(WhatsApp))}")]
    language: Annotated[Language, Field(description=f"of messages to customers that named none: {', '.join(get_args(Language))}")]
    time_zone: Annotated[TimeZone, Field(description="IANA time zone in which customers are told when they are booked")]
    payments: Annotated[
        dict[Market, tuple[Payment, ...]], Field(description=f"market to who takes payments: {', '.join(get_args(Payment))}; [] for nobody")
    ]
    retention_days: RetentionPlan
    functions: FunctionsPlan
    canary: Annotated[CanaryPlan | None, Field(description="how new versions take over; null: at once")]
    artifact: Annotated[ArtifactPlan | None, Field(description="bundle to run; null runs the handlers of this repository")]
    requests_per_minute: Annotated[Count, Field(ge=60, le=600_000, description="requests of one client's key in a minute, 60 to 600000")]
    messages_per_minute: Annotated[
        Count, Field(ge=1, le=10_000, description="messages that one tenant may send in a minute, 1 to 10000; the rest waits")
    ]
    cache_seconds: Annotated[
        Count, Field(ge=0, le=3600, description="seconds that answers are cached whose contract allows it, 0 to 3600; 0 has no cache")
    ]
    mail: MailPlan
    monthly_usd: Annotated[Count, Field(ge=1, description="USD a month of its services in the region, of which the alert topic is told")]
    extension_layer: Annotated[
        str | None,
        Field(
            pattern=r"^arn:aws:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]+:\d+$",
            description="ARN of the layer that reads secrets; null for the one that config/secrets_extension.py knows of the region",
        ),
    ]

    def providers(self, markets: tuple[Market, ...]) -> tuple[Payment, ...]:
        """Return who takes payments in a region that serves `markets`."""
        named = {each for market in markets for each in self.payments.get(market, ())}
        return tuple(each for each in get_args(Payment) if each in named)

    def secret_rows(self, markets: tuple[Market, ...]) -> dict[str, str]:
        """Return what the functions read: what they call it, such as STRIPE_WEBHOOK, to its row in the catalogue of secrets."""
        rows = {"WHATSAPP": GATEWAYS[self.whatsapp].row, "ADDRESS_KEY": ADDRESS_KEY}
        for provider in self.providers(markets):
            rows |= {row.upper().replace("-", "_"): row for row in PAYMENT_ROWS[provider]}
        return rows

    def stands_in(self, region: Region) -> None:
        """Raise a refusal, naming the key below the region's plan, when the layer is one of another region."""
        if self.extension_layer is not None and self.extension_layer.split(":")[3] != region:
            allowed = f"a layer of {region}: Lambda takes none of another region"
            raise refuse(allowed, "correct it, or write null", key="scheduling.extension_layer", given=self.extension_layer)
