"""Laws L23, L25 and L26 for every mutation that takes an idempotency key, through the public API.

Equal requests at once have the effect of one; the same again adds nothing; the key is for this one deed; and a write
that failed uses no key up. A mutation that is added without a row here fails.
"""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import httpx
import pytest
from graphql import GraphQLInputObjectType, get_named_type

from db.engine import Database
from db.unit_of_work import UnitOfWork
from domain.actor import Role, StaffRole
from domain.ids import public_id
from tests.queries.ask import billing
from tests.stories.hub import Hub, counted
from tests.stories.offering import base, offer, sends
from tests.stories.telling import APPLY, PREVIEW, Customer

MANY = 6
_ranks = count(200)
Given = dict[str, Any]
Deed = Callable[[Customer], Awaitable[Given]]
"""Brings a customer to where the mutation may be asked, and says what is asked."""


async def started(who: Customer) -> str:
    """A subscription of two seats: 10.00 and 30.00; its id."""
    return await who.start("sales-starter", seats=2)


async def billed(who: Customer) -> str:
    """The invoice of a sign-up, open; its id."""
    await started(who)
    return await invoice_of(who)


async def invoice_of(who: Customer, status: str = "OPEN") -> str:
    found = await who.look("invoices(first: 9, orderBy: OLDEST_FIRST) { nodes { id status } }")
    return str(next(each["id"] for each in found["invoices"]["nodes"] if each["status"] == status))


async def line_of(who: Customer) -> str:
    await started(who)
    found = await who.look("invoices(first: 1) { nodes { lines { id } } }")
    return str(found["invoices"]["nodes"][0]["lines"][0]["id"])


async def paid(who: Customer, card: str = "4242 4242 4242 4242") -> str:
    """A payment by card; its id."""
    await who.card(card)
    done = await who.do(who.owner, "invoicePay", "payment { id }", invoiceId=await billed(who))
    return str(done["payment"]["id"])


async def discounted(who: Customer) -> Given:
    subscription = await started(who)
    code = f"C{who.id[-10:]}".upper()
    await who.do(who.finance, "couponCreate", code=code, name="A tenth", percent="10", idempotencyKey=code)
    return {"subscriptionId": subscription, "code": code}


async def granted(who: Customer) -> Given:
    five = who.money("5.00")
    done = await who.do(who.finance, "creditGrant", "entry { id }", accountId=who.id, amount=five, memo="Too much")
    return {"grantId": done["entry"]["id"], "amount": ONE, "memo": "Less"}


async def discount(who: Customer) -> Given:
    done = await who.do(who.owner, "couponRedeem", "discount { id }", **await discounted(who))
    return {"discountId": done["discount"]["id"]}


async def drafted(who: Customer) -> str:
    await offer(who.client, "used-up", 90, base("5.00"), sends("0.01"))
    await who.start("used-up")
    await who.advance("2026-07-01T00:00:00Z")
    return await invoice_of(who, "DRAFT")


async def quoted(who: Customer) -> Given:
    given = {"subscriptionId": await started(who), "quantities": [{"component": "seats", "quantity": 4}]}
    shown = (await who.owner.ask(PREVIEW, input=given))["planChangePreview"]
    return {"quoteToken": shown["quote"]["token"]}


async def scheduled(who: Customer) -> Given:
    given = {"subscriptionId": await started(who), "quantities": [{"component": "seats", "quantity": 1}]}
    shown = (await who.owner.ask(PREVIEW, input=given))["planChangePreview"]
    asked = {"quoteToken": shown["quote"]["token"], "idempotencyKey": who.key()}
    done = (await who.owner.ask(APPLY, input=asked))["subscriptionChangePlan"]
    return {"planChangeId": done["planChange"]["id"]}


async def family(who: Customer) -> Given:
    child = await Customer.opened(who.client, f"child-{who.name}", "2026-06-01T08:00:00Z", parentId=who.id)
    await who.do(who.finance, "consolidationSet", accountId=who.id, childIds=[child.id], day=10)
    await child.start("sales-starter")
    for each in (child, who):
        await each.advance("2026-06-10T00:00:01Z")
    seen = await who.look("consolidatedInvoices(first: 1) { nodes { id } }")
    await who.card()
    return {"consolidatedInvoiceId": seen["consolidatedInvoices"]["nodes"][0]["id"]}


async def edition(who: Customer) -> Given:
    """The second edition of a plan of one's own, which somebody has the first of."""
    code = f"own-{who.name}"
    await offer(who.client, code, next(_ranks), base("5.00"))
    plan = await who.plan(code)
    await who.start(code)
    price = {"component": "base", "currency": "USD", "interval": "MONTH", "model": "FLAT"}
    return {
        "planId": plan,
        "components": [base("5.00").component()],
        "prices": [{**price, "tiers": [{"flatAmount": "7.00"}]}],
    }


async def outdated(who: Customer) -> Given:
    given = await edition(who)
    await who.do(who.finance, "planVersionPublish", **given)
    return {"planId": given["planId"], "reason": "Dearer."}


async def announced(who: Customer) -> Given:
    done = await who.do(who.finance, "planVersionMigrate", "migration { id }", **await outdated(who))
    return {"migrationId": done["migration"]["id"], "reason": "Not this year."}


async def product(who: Customer) -> Given:
    found = (await who.finance.ask("{ products { id } }"))["products"]
    return {"productId": found[0]["id"], "code": f"p-{who.name}", "name": "A plan", "rank": next(_ranks)}


async def plan_of(who: Customer) -> Given:
    quantities = [{"component": "seats", "quantity": 1}]
    plan = await who.plan("sales-starter")
    return {"accountId": who.id, "planId": plan, "interval": "MONTH", "quantities": quantities}


async def two_cards(who: Customer) -> str:
    await who.card()
    done = await who.do(
        who.owner, "paymentMethodAdd", "paymentMethod { id }", accountId=who.id, cardNumber="4000 0000 0000 0341"
    )
    return str(done["paymentMethod"]["id"])


async def paused(who: Customer) -> str:
    subscription = await started(who)
    await who.do(who.owner, "subscriptionPause", subscriptionId=subscription)
    return subscription


async def cancelled(who: Customer) -> str:
    subscription = await started(who)
    await who.do(who.owner, "subscriptionCancel", subscriptionId=subscription)
    return subscription


async def to_pay(who: Customer) -> str:
    invoice = await billed(who)
    await who.card()
    return invoice


async def asking(who: Customer) -> Given:
    return {"paymentId": await paid(who, "4000 0000 0000 3154")}


ONE = {"amount": "1.00", "currencyCode": "USD"}


def by(name: str, before: Callable[[Customer], Awaitable[str]], **more: Any) -> Deed:
    """A deed on what was brought about before, named `name` in the input."""

    async def deed(who: Customer) -> Given:
        return {name: await before(who), **more}

    return deed


def on_account(**more: Any) -> Deed:
    """A deed on a new account."""

    async def deed(who: Customer) -> Given:
        return {"accountId": who.id, **more}

    return deed


async def child(who: Customer) -> Given:
    under = await Customer.opened(who.client, f"under-{who.name}", "2026-06-01T08:00:00Z", parentId=who.id)
    return {"accountId": who.id, "childIds": [under.id], "day": 10}


async def beyond_its_market(who: Customer) -> Given:
    """A plan that comes with a contract, for who has none."""
    subscription = await started(who)
    return {"subscriptionId": subscription, "planId": await who.plan("sales-enterprise")}


async def wished(who: Customer) -> str:
    """A request for approval; its id."""
    change = await beyond_its_market(who)
    done = await who.do(who.owner, "approvalRequest", "approval { id }", change=change, reason="We grow")
    return str(done["approval"]["id"])


async def wish(who: Customer) -> Given:
    return {"change": await beyond_its_market(who), "reason": "We grow"}


async def limit(who: Customer) -> Given:
    return {"userId": public_id("user", uuid5(NAMESPACE_OID, who.id)), "limit": ONE}


async def coupon(who: Customer) -> Given:
    return {"code": f"K{who.id[-10:]}".upper(), "name": "A tenth", "percent": "10"}


async def rate(who: Customer) -> Given:
    return {"country": "BR", "region": who.name.upper(), "name": "A tax", "percent": "5", "validFrom": "2999-01-01"}


async def tried(who: Customer) -> Given:
    await who.do(who.finance, "policyOverrideSet", accountId=who.id, version="2026-12.1", reason="To try it")
    return {"accountId": who.id, "reason": "Tried"}


async def rollout(who: Customer) -> Given:
    return {"version": "2026-12.1", "segment": "ENTERPRISE", "stage": "OFF", "reason": f"Not for {who.name}"}


DEEDS: dict[str, tuple[StaffRole | Role, Deed]] = {
    "accountTermsSet": (StaffRole.FINANCE, on_account(noticeDays=30, reason="A renewal")),
    "accountUpdate": (Role.OWNER, on_account(name="Another name", timeZone="Asia/Tokyo")),
    "approvalApprove": (StaffRole.FINANCE, by("approvalId", wished, answer="Welcome")),
    "approvalLimitSet": (StaffRole.FINANCE, limit),
    "approvalReject": (StaffRole.FINANCE, by("approvalId", wished, answer="Not before May")),
    "approvalRequest": (Role.OWNER, wish),
    "approvalWithdraw": (Role.OWNER, by("approvalId", wished, reason="We stay")),
    "chargeAdd": (StaffRole.FINANCE, on_account(amount=ONE, description="Training", isImmediate=True)),
    "consolidatedInvoicePay": (Role.OWNER, family),
    "consolidationSet": (StaffRole.FINANCE, child),
    "couponCreate": (StaffRole.FINANCE, coupon),
    "couponRedeem": (Role.OWNER, discounted),
    "creditGrant": (StaffRole.FINANCE, on_account(amount=ONE, memo="Sorry for Tuesday")),
    "creditWithdraw": (StaffRole.FINANCE, granted),
    "creditNoteIssue": (StaffRole.FINANCE, by("invoiceId", billed, reason="GOODWILL", amount=ONE)),
    "discountEnd": (StaffRole.FINANCE, discount),
    "invoiceFinalise": (StaffRole.FINANCE, by("invoiceId", drafted)),
    "invoiceLineAdjust": (StaffRole.FINANCE, by("lineId", line_of, amount=ONE, description="A correction")),
    "invoicePay": (Role.OWNER, by("invoiceId", to_pay)),
    "invoiceVoid": (StaffRole.FINANCE, by("invoiceId", billed, reason="A mistake", reissue=True)),
    "invoiceWriteOff": (StaffRole.FINANCE, by("invoiceId", billed, reason="Gone")),
    "paymentConfirm": (Role.OWNER, asking),
    "paymentMethodAdd": (Role.OWNER, on_account(cardNumber="4242 4242 4242 4242")),
    "paymentMethodRemove": (Role.OWNER, by("paymentMethodId", two_cards)),
    "paymentMethodSetDefault": (Role.OWNER, by("paymentMethodId", two_cards)),
    "paymentRecord": (StaffRole.FINANCE, by("invoiceId", billed, amount=ONE, reference="bank")),
    "paymentRefund": (StaffRole.FINANCE, by("paymentId", paid, amount=ONE)),
    "planChangeCancel": (Role.OWNER, scheduled),
    "planCreate": (StaffRole.FINANCE, product),
    "planVersionMigrate": (StaffRole.FINANCE, outdated),
    "planVersionMigrationCancel": (StaffRole.FINANCE, announced),
    "planVersionPublish": (StaffRole.FINANCE, edition),
    "policyOverrideEnd": (StaffRole.FINANCE, tried),
    "policyOverrideSet": (StaffRole.FINANCE, on_account(version="2026-12.1", reason="To try it")),
    "policyRolloutSet": (StaffRole.FINANCE, rollout),
    "subscriptionCancel": (Role.OWNER, by("subscriptionId", started)),
    "subscriptionChangePlan": (Role.OWNER, quoted),
    "subscriptionPause": (Role.OWNER, by("subscriptionId", started)),
    "subscriptionResume": (Role.OWNER, by("subscriptionId", paused)),
    "subscriptionStart": (Role.OWNER, plan_of),
    "subscriptionUndoCancel": (Role.OWNER, by("subscriptionId", cancelled)),
    "taxRateSet": (StaffRole.FINANCE, rate),
}
"""Each mutation with a key: who may ask it, and what."""


def test_every_mutation_with_a_key_is_here() -> None:
    root = billing().graphql.mutation_type
    assert root is not None
    inputs = {name: get_named_type(field.args["input"].type) for name, field in root.fields.items()}
    keyed = {
        name
        for name, input_ in inputs.items()
        if isinstance(input_, GraphQLInputObjectType) and "idempotencyKey" in input_.fields
    }
    assert keyed == set(DEEDS)
    # usage and accounts carry ids of their own, and what is played with in a sandbox may be done twice
    assert set(inputs) - keyed == {"usageRecord", "accountOpen", "sandboxAccountOpen", "testClockAdvance"}


async def sent(who: Customer, name: str, given: Given) -> Any:
    """The answer to a mutation, as it came."""
    role, _ = DEEDS[name]
    hub = who.owner if isinstance(role, Role) else Hub.of_person(who.client, role, "Fiona")
    document = (
        f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) "
        "{ __typename userErrors { code message path } } }"
    )
    return (await hub.send(document, input=given)).json()


def more(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """The rows that came, or went, by table."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


async def ready(client: httpx.AsyncClient, name: str, of: str) -> tuple[Customer, Given]:
    """A customer for whom the mutation may be asked, and its input with a key."""
    who = await Customer.opened(client, f"{name.lower()}-{of}", "2026-06-01T08:00:00Z")
    return who, {**await DEEDS[name][1](who), "idempotencyKey": f"{name}-{of}"}


@pytest.mark.parametrize("name", sorted(DEEDS))
async def test_l23_l25_l26_of_a_mutation(
    client: httpx.AsyncClient, demo_copy: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, given = await ready(client, name, "one")
    start = await counted(demo_copy)
    # L26: who dies before the commit has written nothing, and the key is as good as new
    with monkeypatch.context() as patched:
        patched.setattr(UnitOfWork, "flush", dying)
        failed = await sent(one, name, given)
    assert failed["errors"][0]["extensions"]["code"] == "INTERNAL", failed
    assert more(start, await counted(demo_copy)) == {}
    alone = await sent(one, name, given)
    assert alone["data"][name]["userErrors"] == [], alone
    assert "idempotentReplay" not in alone.get("extensions", {})
    effect = more(start, await counted(demo_copy))
    assert effect, "something is written"
    # L23: several at once have the effect of one
    many, given = await ready(client, name, "many")
    start = await counted(demo_copy)
    answers = await asyncio.gather(*(sent(many, name, given) for _ in range(MANY)))
    assert [each["data"][name]["userErrors"] for each in answers] == [[]] * MANY
    assert more(start, await counted(demo_copy)) == effect
    # L25: the same once more adds nothing and says that it did not
    again = await sent(many, name, given)
    assert (again["data"], again["extensions"]["idempotentReplay"]) == (answers[0]["data"], True)
    # and the key is for this deed alone
    if name not in OF_THE_CATALOG | {"accountUpdate"}:
        rename = {"accountId": many.id, "name": "Another name", "idempotencyKey": given["idempotencyKey"]}
        (error,) = (await sent(many, "accountUpdate", rename))["data"]["accountUpdate"]["userErrors"]
        assert (error["code"], error["path"]) == ("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"])
    assert more(start, await counted(demo_copy)) == effect


OF_THE_CATALOG = {
    *("couponCreate", "planCreate", "planVersionPublish", "planVersionMigrate", "planVersionMigrationCancel"),
    *("taxRateSet", "policyRolloutSet", "approvalLimitSet"),
}
"""Their keys are the catalog's own, and no account's."""
_flush = UnitOfWork.flush


async def dying(unit: UnitOfWork) -> None:
    """The process dies just before its commit."""
    await _flush(unit)
    raise OSError("the process died")
