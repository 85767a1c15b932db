"""Identities: a NewType per thing, the public form of an id, and the layout of a UUIDv7.

A public id is the prefix of its type, an underscore, and the 32 lowercase hex digits of the UUID:
`acct_018f3c5e9a7b7cc2b4e1d2a0c9f81234`. It is trivial to build in SQL and says what it names.

Not owned here: randomness and the clock. Who makes ids implements `IdMaker` (a random one beside the database,
a seeded one for the demo company), and both give `uuid7` its bits.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NewType, Protocol
from uuid import UUID

from domain.errors import MalformedId, quoted

AccountId = NewType("AccountId", UUID)
UserId = NewType("UserId", UUID)
MembershipId = NewType("MembershipId", UUID)
LegalEntityId = NewType("LegalEntityId", UUID)
ProductId = NewType("ProductId", UUID)
PlanId = NewType("PlanId", UUID)
PlanVersionId = NewType("PlanVersionId", UUID)
PriceId = NewType("PriceId", UUID)
FeatureId = NewType("FeatureId", UUID)
SubscriptionId = NewType("SubscriptionId", UUID)
ItemId = NewType("ItemId", UUID)
CommitmentId = NewType("CommitmentId", UUID)
MeterId = NewType("MeterId", UUID)
UsageEventId = NewType("UsageEventId", UUID)
InvoiceId = NewType("InvoiceId", UUID)
LineId = NewType("LineId", UUID)
EntitlementId = NewType("EntitlementId", UUID)
OverrideId = NewType("OverrideId", UUID)
GrantId = NewType("GrantId", UUID)
QuoteId = NewType("QuoteId", UUID)
PlanChangeId = NewType("PlanChangeId", UUID)
DecisionId = NewType("DecisionId", UUID)
EventId = NewType("EventId", UUID)
AuditId = NewType("AuditId", UUID)
CouponId = NewType("CouponId", UUID)
DiscountId = NewType("DiscountId", UUID)
TaxRateId = NewType("TaxRateId", UUID)
CreditNoteId = NewType("CreditNoteId", UUID)
CreditEntryId = NewType("CreditEntryId", UUID)
ChargeId = NewType("ChargeId", UUID)
PaymentMethodId = NewType("PaymentMethodId", UUID)
PaymentId = NewType("PaymentId", UUID)
AttemptId = NewType("AttemptId", UUID)
RefundId = NewType("RefundId", UUID)
ConsolidatedInvoiceId = NewType("ConsolidatedInvoiceId", UUID)
MigrationId = NewType("MigrationId", UUID)
AccountTermsId = NewType("AccountTermsId", UUID)
ApprovalId = NewType("ApprovalId", UUID)
RolloutId = NewType("RolloutId", UUID)

# type name in the graph -> prefix of its public ids; a prefix is never renamed and never given to a second type
PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "Account": "acct",
        "User": "user",
        "Membership": "memb",
        "LegalEntity": "lent",
        "Product": "prod",
        "Plan": "plan",
        "PlanVersion": "plnv",
        "Price": "prce",
        "Feature": "feat",
        "BillingSubscription": "sub",
        "SubscriptionItem": "item",
        "Meter": "metr",
        "UsageEvent": "uevt",
        "Invoice": "inv",
        "InvoiceLine": "line",
        "Entitlement": "enti",
        "EntitlementOverride": "ovrd",
        "Quote": "quot",
        "PlanChange": "chng",
        "PolicyDecision": "decn",
        "BillingEvent": "evnt",
        "AuditEntry": "audt",
        "Coupon": "coup",
        "Discount": "disc",
        "TaxRate": "taxr",
        "CreditNote": "crnt",
        "CreditNoteLine": "crln",
        "CreditEntry": "cren",
        "OneOffCharge": "chrg",
        "PaymentMethod": "pmth",
        "Payment": "paym",
        "PaymentAttempt": "patt",
        "Refund": "rfnd",
        "ConsolidatedInvoice": "cons",
        "PlanVersionMigration": "pvmg",
        "CatalogEntry": "cten",
        "AccountTerms": "trms",
        "Approval": "aprv",
        "PolicyRollout": "roll",
    }
)
_TYPE_OF_PREFIX: Mapping[str, str] = MappingProxyType({prefix: name for name, prefix in PREFIXES.items()})
_PUBLIC_ID = re.compile(r"([a-z]+)_([0-9a-f]{32})")

RANDOM_BITS = 74  # of a UUIDv7's 128: 48 hold the time, 4 the version, 2 the variant
_TIME_BITS = 48
_LOW_BITS = 62


class IdMaker(Protocol):
    """Whoever makes new ids. A parameter of every operation, so that the demo company is the same every day."""

    def new(self) -> UUID:
        """A fresh UUIDv7."""
        ...


def public_id(prefix: str, uuid: UUID) -> str:
    """The id as the outside world sees it: `public_id("acct", …)` is `"acct_018f…"`."""
    return f"{prefix}_{uuid.hex}"


def parse_public_id(text: str) -> tuple[str, UUID]:
    """The type name and UUID a public id stands for: ("Account", UUID(…)).

    Raises MalformedId (with an empty path; the caller knows the field) for an unknown prefix, uppercase digits, a
    wrong length, or anything around the id: an id has one spelling, so that caches and logs agree on it.
    """
    match = _PUBLIC_ID.fullmatch(text)
    type_name = _TYPE_OF_PREFIX.get(match[1]) if match else None
    if match is None or type_name is None:
        raise MalformedId((), f"{quoted(text)} is not an id: expected a known prefix, `_` and 32 hex digits.", text)
    return type_name, UUID(hex=match[2])


def parse_id_of(type_name: str, text: str) -> UUID:
    """The UUID of a public id that must name a `type_name` (a key of PREFIXES). Raises MalformedId."""
    found, uuid = parse_public_id(text)
    if found != type_name:
        raise MalformedId((), f"{quoted(text)} names a {found}, not a {type_name}.", text)
    return uuid


def uuid7(at_ms: int, random_bits: int) -> UUID:
    """A UUIDv7 (RFC 9562, 5.7) from its two ingredients, so that it needs neither a clock nor a random source.

    `at_ms` is milliseconds since 1970 (48 bits), `random_bits` an integer of RANDOM_BITS bits. Ids of a later
    millisecond sort after those of an earlier one, as text, as bytes and in Postgres.
    Raises MalformedId when an ingredient does not fit.
    """
    if not 0 <= at_ms < 1 << _TIME_BITS:
        raise MalformedId((), f"{at_ms} ms does not fit the 48 bits of a UUIDv7.", at_ms)
    if not 0 <= random_bits < 1 << RANDOM_BITS:
        raise MalformedId((), f"Expected {RANDOM_BITS} random bits.", random_bits)
    high, low = divmod(random_bits, 1 << _LOW_BITS)
    return UUID(int=at_ms << 80 | 0x7 << 76 | high << 64 | 0b10 << _LOW_BITS | low)
