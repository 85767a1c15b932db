"""L38, writing: what is not yours does not exist, what you see and may not do is forbidden, and nothing is written.

Generated from the schema: a mutation that is added is walked too, and one that nobody has placed here fails.
"""

from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from sqlalchemy import func, insert, select

from db import tables as t
from db.engine import Database
from domain.actor import Actor, StaffRole, staff
from domain.ids import public_id
from tests.queries.ask import NOBODY, ask, billing, user
from tests.queries.catalog import NOW, uid
from tests.queries.company import Company

FINANCE_ONLY = {
    *("invoiceVoid", "invoiceWriteOff", "invoiceLineAdjust", "creditNoteIssue", "paymentRecord", "paymentRefund"),
    *("discountEnd", "chargeAdd", "creditGrant", "creditWithdraw", "consolidationSet", "invoiceFinalise"),
    *("policyOverrideSet", "policyOverrideEnd"),
    *("accountTermsSet", "approvalApprove", "approvalReject"),
}
"""What the account's own people see, and may not do."""
OWN = {
    *("planChangeCancel", "subscriptionChangePlan", "couponRedeem", "invoicePay", "consolidatedInvoicePay"),
    *("paymentConfirm", "paymentMethodAdd", "paymentMethodRemove", "paymentMethodSetDefault"),
    *("subscriptionUndoCancel", "subscriptionStart", "subscriptionCancel", "subscriptionPause"),
    *("subscriptionResume", "accountUpdate", "testClockAdvance", "approvalRequest", "approvalWithdraw"),
}
"""What the account's owner and billing admins may do."""
FOR_NO_ACCOUNT = {
    *("usageRecord", "accountOpen", "planVersionPublish", "planCreate", "taxRateSet", "couponCreate"),
    *("planVersionMigrate", "planVersionMigrationCancel", "policyRolloutSet", "approvalLimitSet"),
}
"""What is about no account of anybody's, or says so for each of its items: forbidden to all but those it is for."""
ANYBODYS = {"sandboxAccountOpen"}
"""What any user may do for themselves."""
OF_BOTH = {
    *("couponRedeem", "subscriptionUndoCancel", "subscriptionStart", "subscriptionCancel", "subscriptionPause"),
    *("subscriptionResume", "accountUpdate", "testClockAdvance", "approvalWithdraw"),
}
"""What finance may do too."""

VIEWER = user(uid("user", 3))
SUPPORT = staff(StaffRole.SUPPORT)
FINANCE = staff(StaffRole.FINANCE)
MONEY = {"amount": "1.00", "currencyCode": "USD"}
GIVEN: dict[str, Any] = {
    "accountId": public_id("acct", uid("account", 1)),
    "subscriptionId": public_id("sub", uid("sub", 1)),
    "invoiceId": public_id("inv", uid("invoice", 1000)),
    "consolidatedInvoiceId": public_id("cons", uid("consolidated", 1)),
    "grantId": public_id("cren", uid("entry", 11)),
    "lineId": public_id("line", uid("line", 10001)),
    "paymentId": public_id("paym", uid("payment", 1)),
    "paymentMethodId": public_id("pmth", uid("method", 1)),
    "discountId": public_id("disc", uid("discount", 1)),
    "planChangeId": public_id("chng", uid("change", 11)),
    "approvalId": public_id("aprv", uid("approval", 1)),
    "userId": public_id("user", uid("user", 2)),
    "planId": public_id("plan", uid("plan", 2)),
    "productId": public_id("prod", uid("product", 1)),
    "childIds": public_id("acct", uid("account", 2)),
    "migrationId": public_id("pvmg", uid("migration", 1)),
    "quoteToken": public_id("quot", uid("quote", 1)),
    "cardNumber": "4242 4242 4242 4242",
    "code": "WELCOME",
    "clockAt": "2026-03-01T00:00:00Z",
    "timeZone": "Europe/Berlin",
    "country": "DE",
    "to": "2027-01-01T00:00:00Z",
    "occurredAt": "2026-03-01T00:00:00Z",
    "source": "crm",
    "version": "2026-12.1",
    "currency": "USD",
    "value": "1",
    "meter": "emails",
    "idempotencyKey": "walk-1",
}


@pytest.fixture(scope="module", autouse=True)
async def viewer(database: Database, company: Company) -> None:
    """Somebody who may look at account 1, and no more."""
    async with database.write() as session:
        person = {"id": uid("user", 3), "name": "Vera Viewer", "email": "vera@example.test", "created_at": NOW}
        await session.execute(insert(t.users).values(person))
        role = {"account_id": uid("account", 1), "id": uid("membership", 55), "user_id": person["id"], "role": "VIEWER"}
        await session.execute(insert(t.memberships).values(**role, created_at=NOW))


def mutations() -> list[str]:
    root = billing().graphql.mutation_type
    assert root is not None
    return sorted(root.fields)


def value(name: str, type_: Any) -> Any:
    """A value that can be read, for what must be given."""
    named = get_named_type(type_)
    if name in GIVEN:
        single = GIVEN[name]
    elif named.name == "MoneyInput":
        single = MONEY
    elif named.name == "CreditNoteReason":
        single = "GOODWILL"  # the others are the engine's own, and refused before anything is looked for
    elif isinstance(named, GraphQLEnumType):
        single = next(iter(named.values))
    elif isinstance(named, GraphQLInputObjectType):
        single = {
            inner: value(inner, field.type)
            for inner, field in named.fields.items()
            if isinstance(field.type, GraphQLNonNull)
        }
    else:
        single = {"Int": 1, "Boolean": True, "Date": "2030-01-01", "Decimal": "1"}.get(named.name, "A text")
    return [single] if str(type_).startswith("[") else single


async def tried(database: Database, name: str, actor: Actor) -> dict[str, Any]:
    """The payload of a mutation with a whole selection of leaves."""
    root = billing().graphql.mutation_type
    assert root is not None
    field = root.fields[name]
    payload = get_named_type(field.type)
    assert isinstance(payload, GraphQLObjectType)
    chosen = " ".join(
        each
        if is_leaf_type(get_named_type(inner.type))
        else f"{each} {{ code path }}"
        if each == "userErrors"
        else f"{each} {{ __typename }}"
        for each, inner in payload.fields.items()
    )
    input_type = field.args["input"].type
    document = f"mutation($input: {input_type}) {{ {name}(input: $input) {{ {chosen} }} }}"
    answer = await ask(database, document, actor, {"input": value("input", input_type)})
    assert not answer.errors, [error.message for error in answer.errors]
    found: dict[str, Any] = answer.data[name]
    return found


async def counted(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.write() as session:
        return {
            name: await session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in t.metadata.tables.items()
        }


async def refused(database: Database, name: str, actor: Actor, code: str) -> None:
    before = await counted(database)
    payload = await tried(database, name, actor)
    errors = payload.pop("userErrors")
    assert [error["code"] for error in errors] == [code], (name, actor, errors)
    assert not any(payload.values()), payload
    assert await counted(database) == before


def test_every_mutation_is_placed() -> None:
    assert set(mutations()) == FINANCE_ONLY | OWN | FOR_NO_ACCOUNT | ANYBODYS


@pytest.mark.parametrize("name", sorted(ANYBODYS))
async def test_what_anybody_may_is_not_for_nobody(database: Database, company: Company, name: str) -> None:
    await refused(database, name, NOBODY, "FORBIDDEN")


@pytest.mark.parametrize("name", sorted(FINANCE_ONLY | OWN))
async def test_l38_a_strangers_deed_finds_nothing(database: Database, company: Company, name: str) -> None:
    for actor in (user(company.stranger), NOBODY):
        await refused(database, name, actor, "NOT_FOUND")


@pytest.mark.parametrize("name", sorted(FOR_NO_ACCOUNT))
async def test_l38_a_deed_on_no_account_is_forbidden(database: Database, company: Company, name: str) -> None:
    for actor in (user(company.stranger), user(company.owner), NOBODY, SUPPORT):
        await refused(database, name, actor, "FORBIDDEN")


@pytest.mark.parametrize("name", sorted((FINANCE_ONLY | OWN) - {"subscriptionChangePlan"}))
async def test_a_viewer_and_support_see_and_may_not(database: Database, company: Company, name: str) -> None:
    for actor in (VIEWER, SUPPORT):
        await refused(database, name, actor, "FORBIDDEN")


@pytest.mark.parametrize("name", sorted(FINANCE_ONLY))
async def test_an_owner_may_not_do_what_is_finances(database: Database, company: Company, name: str) -> None:
    await refused(database, name, user(company.owner), "FORBIDDEN")


@pytest.mark.parametrize("name", sorted(OWN - OF_BOTH - {"subscriptionChangePlan"}))
async def test_finance_may_not_act_for_a_customer(database: Database, company: Company, name: str) -> None:
    await refused(database, name, FINANCE, "FORBIDDEN")
