"""Public ids have one spelling, and a UUIDv7 has its bits where the standard says."""

from datetime import UTC, datetime
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import MalformedId
from domain.ids import PREFIXES, RANDOM_BITS, parse_id_of, parse_public_id, public_id, uuid7
from tests.domain.strategies import LAW

HEX = "018f3c5e9a7b7cc2b4e1d2a0c9f81234"


def test_prefixes_are_given_to_one_type_each_and_never_change() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    # a renamed prefix would break every id a client ever stored
    assert " ".join(f"{name}:{prefix}" for name, prefix in sorted(PREFIXES.items())) == (
        "Account:acct AccountTerms:trms Approval:aprv AuditEntry:audt BillingEvent:evnt BillingSubscription:sub "
        "CatalogEntry:cten ConsolidatedInvoice:cons Coupon:coup CreditEntry:cren CreditNote:crnt CreditNoteLine:crln "
        "Discount:disc Entitlement:enti EntitlementOverride:ovrd Feature:feat Invoice:inv InvoiceLine:line "
        "LegalEntity:lent Membership:memb Meter:metr OneOffCharge:chrg Payment:paym PaymentAttempt:patt "
        "PaymentMethod:pmth Plan:plan PlanChange:chng PlanVersion:plnv PlanVersionMigration:pvmg PolicyDecision:decn "
        "PolicyRollout:roll Price:prce Product:prod Quote:quot Refund:rfnd SubscriptionItem:item TaxRate:taxr "
        "UsageEvent:uevt User:user"
    )


@LAW
@given(name=st.sampled_from(sorted(PREFIXES)), uuid=st.uuids(allow_nil=True))
def test_a_public_id_reads_back(name: str, uuid: UUID) -> None:
    text = public_id(PREFIXES[name], uuid)
    assert parse_public_id(text) == (name, uuid)
    assert parse_id_of(name, text) == uuid


def test_a_public_id_is_a_prefix_and_the_hex_digits() -> None:
    assert public_id("acct", UUID(HEX)) == f"acct_{HEX}"
    assert parse_public_id(f"sub_{HEX}") == ("BillingSubscription", UUID(HEX))


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ("nothing", ""),
        ("no prefix", HEX),
        ("an empty prefix", f"_{HEX}"),
        ("an unknown prefix", f"acme_{HEX}"),
        ("a prefix in capitals", f"ACCT_{HEX}"),
        ("a type name for a prefix", f"Account_{HEX}"),
        ("uppercase digits", f"acct_{HEX.upper()}"),
        ("one digit short", f"acct_{HEX[:-1]}"),
        ("one digit long", f"acct_{HEX}0"),
        ("hyphens", f"acct_{UUID(HEX)}"),
        ("a hyphen for the underscore", f"acct-{HEX}"),
        ("two underscores", f"acct__{HEX}"),
        ("a letter that is no digit", f"acct_{HEX[:-1]}g"),
        ("a digit of another script", f"acct_{HEX[:-1]}٣"),
        ("a line end", f"acct_{HEX}\n"),
        ("a space", f" acct_{HEX}"),
        ("a null character", f"acct_{HEX}\0"),
        ("a megabyte", "a" * 1_000_000),
    ],
)
def test_a_malformed_id_is_refused(says: str, text: str) -> None:
    with pytest.raises(MalformedId) as refused:
        parse_public_id(text)
    assert refused.value.code == "MALFORMED_ID", says
    assert refused.value.value == text
    assert len(refused.value.message) < 200, "a hostile text is quoted shortened"


def test_an_id_of_another_type_is_refused() -> None:
    with pytest.raises(MalformedId, match="names a Plan, not a Account"):
        parse_id_of("Account", f"plan_{HEX}")


def test_uuid7_is_the_example_of_the_standard() -> None:
    # RFC 9562, A.6: 2022-02-22 14:22:22.000 -05:00, rand_a CC3, rand_b 18C4DC0C0C07398F
    at_ms = int(datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC).timestamp()) * 1000
    assert uuid7(at_ms, 0xCC3 << 62 | 0x18C4DC0C0C07398F) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


@LAW
@given(at_ms=st.integers(0, 2**48 - 1), random_bits=st.integers(0, 2**RANDOM_BITS - 1))
def test_uuid7_holds_time_version_variant_and_every_random_bit(at_ms: int, random_bits: int) -> None:
    uuid = uuid7(at_ms, random_bits)
    assert uuid.version == 7
    assert uuid.variant == RFC_4122
    assert uuid.int >> 80 == at_ms
    assert (uuid.int >> 64 & 0xFFF) << 62 | uuid.int & (1 << 62) - 1 == random_bits


@LAW
@given(
    moments=st.lists(st.integers(0, 2**48 - 1), min_size=2, max_size=2, unique=True),
    bits=st.tuples(st.integers(0, 2**RANDOM_BITS - 1), st.integers(0, 2**RANDOM_BITS - 1)),
)
def test_uuid7_of_a_later_millisecond_sorts_later(moments: list[int], bits: tuple[int, int]) -> None:
    earlier, later = (uuid7(at_ms, random_bits) for at_ms, random_bits in zip(sorted(moments), bits, strict=True))
    assert earlier < later
    assert earlier.hex < later.hex
    assert earlier.bytes < later.bytes


@pytest.mark.parametrize(("at_ms", "random_bits"), [(-1, 0), (2**48, 0), (0, -1), (0, 2**RANDOM_BITS)])
def test_uuid7_refuses_what_does_not_fit(at_ms: int, random_bits: int) -> None:
    with pytest.raises(MalformedId):
        uuid7(at_ms, random_bits)
