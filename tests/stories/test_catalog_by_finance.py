"""Finance publishes prices, tax rates and coupons through the public API; bad input is refused by its field, whole."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from db.engine import Database
from db.tables import metadata
from domain.actor import StaffRole
from tests.stories.hub import Hub, account_id

PLAN = """query Plan($code: String!) { plan(by: { code: $code }) {
  id name rank withdrawnAt
  currentVersion {
    number isCurrent
    components { code minimum maximum timing meter { code } }
    prices {
      component currency interval model taxInclusive packageSize percent minimum { amount } maximum { amount }
      tiers { upTo unitPrice { amount } flatAmount { amount } }
    }
    bounds { currency interval minimum { amount currencyCode } maximum { amount } }
    features { feature { code } limitPerUnit component }
  }
} }"""
CREATE_PLAN = """mutation($input: PlanCreateInput!) { planCreate(input: $input) {
  plan { id code name rank currentVersion { id } product { code } } userErrors { code message path }
} }"""
PUBLISH = """mutation($input: PlanVersionPublishInput!) { planVersionPublish(input: $input) {
  planVersion { id number isCurrent plan { code } } userErrors { code message path }
} }"""
SET_RATE = """mutation($input: TaxRateSetInput!) { taxRateSet(input: $input) {
  taxRate { id country region name percent validFrom validUntil } userErrors { code message path }
} }"""
CREATE_COUPON = """mutation($input: CouponCreateInput!) { couponCreate(input: $input) {
  coupon {
    id code percent amount { amount currencyCode } cap { amount } periods product { code } component redemptions
  }
  userErrors { code message path }
} }"""


def per_unit(component: str, unit_price: str, currency: str = "USD", interval: str = "MONTH") -> dict[str, Any]:
    return {
        "component": component,
        "currency": currency,
        "interval": interval,
        "model": "PER_UNIT",
        "tiers": [{"unitPrice": unit_price}],
    }


def flat(component: str, amount: str, currency: str = "USD", interval: str = "MONTH") -> dict[str, Any]:
    return {**per_unit(component, "0.00", currency, interval), "model": "FLAT", "tiers": [{"flatAmount": amount}]}


def calls(*tiers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**per_unit("calls", "0.00"), "model": "GRADUATED", "tiers": list(tiers), **more}


LADDER = ({"upTo": "1000", "unitPrice": "0.00"}, {"upTo": "9000", "unitPrice": "0.0025"}, {"unitPrice": "0.00125"})
EDITION: dict[str, Any] = {
    "components": [
        {"code": "base", "name": "Base fee", "minimum": 1, "maximum": 1},
        {"code": "seats", "name": "Seats", "minimum": 1, "maximum": 50},
        {"code": "calls", "name": "API calls", "timing": "IN_ARREARS", "meter": "api-calls"},
    ],
    "prices": [flat("base", "49.00"), per_unit("seats", "12.50"), calls(*LADDER)],
    "features": [{"feature": "seats", "limit": "0", "limitPerUnit": "1", "component": "seats"}, {"feature": "sso"}],
    "bounds": [{"currency": "USD", "interval": "MONTH", "minimum": "100.00", "maximum": "5000.00"}],
}


@pytest.fixture
def finance(client: httpx.AsyncClient) -> Hub:
    return Hub.of_staff(client, StaffRole.FINANCE)


@pytest.fixture
async def plan_id(finance: Hub) -> str:
    """A plan that several of these stories publish editions of."""
    found = (await finance.ask("{ products { id code } }"))["products"]
    product = next(each["id"] for each in found if each["code"] == "sales")
    given = {"productId": product, "code": "sales-plus", "name": "Plus", "rank": 25, "idempotencyKey": "sales-plus"}
    answer = (await finance.ask(CREATE_PLAN, input=given))["planCreate"]
    assert answer["userErrors"] == []
    assert answer["plan"]["currentVersion"] is None or answer["plan"]["code"] == "sales-plus"
    return str(answer["plan"]["id"])


async def contents(database: Database) -> dict[str, int]:
    """How many rows there are in each table."""
    async with database.write() as session:
        return {
            name: (await session.execute(text(f'SELECT count(*) FROM "{name}"'))).scalar_one()
            for name in sorted(metadata.tables)
        }


async def publish(finance: Hub, plan_id: str, key: str, **edition: Any) -> Any:
    given = {"planId": plan_id, "idempotencyKey": key, **EDITION, **edition}
    return (await finance.ask(PUBLISH, input=given))["planVersionPublish"]


async def test_an_edition_is_published_read_and_succeeded_by_the_next(finance: Hub, plan_id: str) -> None:
    everything = [
        *EDITION["prices"],
        {**flat("base", "59.00", "EUR"), "taxInclusive": True},
        {**per_unit("seats", "14.90", "EUR"), "taxInclusive": True},
        {
            **calls({"unitPrice": "9.99"}),
            "currency": "EUR",
            "model": "PACKAGE",
            "packageSize": "1000",
            "taxInclusive": True,
        },
        flat("base", "7000", "JPY"),
        {
            **per_unit("seats", "0", "JPY"),
            "model": "VOLUME",
            "tiers": [{"upTo": 9, "unitPrice": "1800"}, {"unitPrice": "1500", "flatAmount": "400"}],
        },
        per_unit("calls", "0.333333", "JPY"),
        # a currency in which a component has no price: the plan is not sold in it
        flat("base", "15.250", "KWD"),
    ]
    first = await publish(finance, plan_id, "plus-1", prices=everything)
    assert first["userErrors"] == []
    assert first["planVersion"]["plan"] == {"code": "sales-plus"}
    shown = (await finance.ask(PLAN, code="sales-plus"))["plan"]["currentVersion"]
    assert shown["number"] == first["planVersion"]["number"]
    assert shown["components"][2] == {
        "code": "calls", "minimum": 0, "maximum": None, "timing": "IN_ARREARS", "meter": {"code": "api-calls"},
    }  # fmt: skip
    by_place = {(price["component"], price["currency"]): price for price in shown["prices"]}
    assert len(by_place) == len(everything)
    assert by_place["calls", "USD"]["tiers"] == [
        {"upTo": "1000", "unitPrice": {"amount": "0.00"}, "flatAmount": {"amount": "0.00"}},
        {"upTo": "9000", "unitPrice": {"amount": "0.0025"}, "flatAmount": {"amount": "0.00"}},
        {"upTo": None, "unitPrice": {"amount": "0.00125"}, "flatAmount": {"amount": "0.00"}},
    ]
    assert by_place["calls", "EUR"]["packageSize"] == "1000"
    assert by_place["base", "EUR"]["taxInclusive"] is True
    assert by_place["base", "USD"]["taxInclusive"] is False
    assert by_place["seats", "JPY"]["tiers"][1] == {
        "upTo": None, "unitPrice": {"amount": "1500"}, "flatAmount": {"amount": "400"},
    }  # fmt: skip
    assert by_place["calls", "JPY"]["tiers"][0]["unitPrice"] == {"amount": "0.333333"}
    assert shown["bounds"] == [
        {
            "currency": "USD", "interval": "MONTH",
            "minimum": {"amount": "100.00", "currencyCode": "USD"}, "maximum": {"amount": "5000.00"},
        }
    ]  # fmt: skip
    second = await publish(finance, plan_id, "plus-2", bounds=None)
    assert second["planVersion"]["number"] == first["planVersion"]["number"] + 1
    look = "query($id: ID!) { node(id: $id) { ... on PlanVersion { isCurrent bounds { interval } } } }"
    old = await finance.ask(look, id=first["planVersion"]["id"])
    assert old["node"] == {"isCurrent": False, "bounds": [{"interval": "MONTH"}]}


async def test_a_new_price_is_not_applied_to_who_has_the_former_one(client: httpx.AsyncClient, finance: Hub) -> None:
    """A complaint about others: prices change under subscriptions silently, or are silently not applied. Ours says
    which edition a subscription has, and publishing moves nobody."""
    look = """query($id: ID!) { account(by: { id: $id }) { subscription {
      planVersion { number isCurrent } items { component quantity price { id tiers { unitPrice { amount } } } }
    } } }"""
    hub = Hub.of(client, "past-due")
    before = await hub.ask(look, id=account_id("past-due"))
    assert before["account"]["subscription"]["planVersion"]["isCurrent"] is True
    professional = (await finance.ask(PLAN, code="sales-professional"))["plan"]
    answer = await publish(finance, professional["id"], "dearer")
    assert answer["userErrors"] == []
    after = await hub.ask(look, id=account_id("past-due"))
    assert after["account"]["subscription"]["planVersion"] == {
        "number": before["account"]["subscription"]["planVersion"]["number"], "isCurrent": False,
    }  # fmt: skip
    assert after["account"]["subscription"]["items"] == before["account"]["subscription"]["items"]


def with_prices(*prices: dict[str, Any]) -> dict[str, Any]:
    return {"prices": [*EDITION["prices"][:2], *prices]}


BAD_EDITIONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("a negative price", {"prices": [flat("base", "-49.00"), *EDITION["prices"][1:]]}, "prices.0.tiers.0.flatAmount"),
    ("a negative unit price", with_prices(calls({"unitPrice": "-0.01"})), "prices.2.tiers.0.unitPrice"),
    ("a unit with too many decimals", with_prices(calls({"unitPrice": "0.000000001"})), "prices.2.tiers.0.unitPrice"),
    ("an overlap", with_prices(calls(LADDER[0], LADDER[0], LADDER[2])), "prices.2.tiers.1.upTo"),
    ("a gap: nothing above", with_prices(calls(*LADDER[:2])), "prices.2.tiers.1.upTo"),
    ("two last tiers", with_prices(calls(LADDER[2], LADDER[2])), "prices.2.tiers.0.upTo"),
    ("a component that is not there", {"prices": [*EDITION["prices"], flat("wheels", "1.00")]}, "prices.3.component"),
    (
        "a meter that is not there",
        {"components": [*EDITION["components"][:2], {**EDITION["components"][2], "meter": "faxes"}]},
        "components.2.meter",
    ),
    (
        "what is counted, in advance",
        {"components": [*EDITION["components"][:2], {"code": "calls", "name": "API calls", "meter": "api-calls"}]},
        "components.2.timing",
    ),
    ("a feature that is not there", {"features": [{"feature": "faxes"}]}, "features.0.feature"),
    (
        "a minimum above the maximum",
        {"bounds": [{"currency": "USD", "interval": "MONTH", "minimum": "5.00", "maximum": "4.99"}]},
        "bounds.0.minimum",
    ),
    ("a bound in another currency", {"bounds": [{"currency": "EUR", "interval": "MONTH"}]}, "bounds.0.currency"),
    ("no price at all", {"prices": []}, "prices"),
    ("a plan that is none", {"planId": "prod_1"}, "planId"),
    ("a key that is none", {"idempotencyKey": ""}, "idempotencyKey"),
)


@pytest.mark.parametrize(("says", "fields", "path"), BAD_EDITIONS, ids=[row[0] for row in BAD_EDITIONS])
async def test_bad_input_of_an_edition_names_its_field_and_writes_nothing(
    demo_copy: Database, finance: Hub, plan_id: str, says: str, fields: dict[str, Any], path: str
) -> None:
    before = await contents(demo_copy)
    answer = await publish(finance, plan_id, "bad", **fields)
    assert answer["planVersion"] is None
    assert [(error["code"], ".".join(error["path"])) for error in answer["userErrors"]] == [
        ("INVALID_INPUT", f"input.{path}")
    ], says
    assert await contents(demo_copy) == before


@pytest.mark.parametrize(
    ("says", "fields", "field"),
    [
        ("a currency nobody has", with_prices({**calls(*LADDER), "currency": "XXX"}), "currency"),
        ("an amount that is a number", with_prices(calls({"unitPrice": 0.25})), "unitPrice"),
        ("a model nobody has", with_prices({**calls(*LADDER), "model": "AUCTION"}), "model"),
    ],
)
async def test_what_no_scalar_reads_is_refused_at_the_door_by_its_field(
    demo_copy: Database, finance: Hub, plan_id: str, says: str, fields: dict[str, Any], field: str
) -> None:
    before = await contents(demo_copy)
    given = {"planId": plan_id, "idempotencyKey": "door", **EDITION, **fields}
    (error,) = (await finance.send(PUBLISH, input=given)).json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["field"][:3] == ["input", "prices", "2"], says
    assert error["extensions"]["field"][-1] == field
    assert await contents(demo_copy) == before


RATE = {"country": "AT", "name": "USt", "percent": "20", "validFrom": "2016-01-01", "idempotencyKey": "rate"}


async def test_a_rate_is_set_read_and_followed_by_another(finance: Hub) -> None:
    place = {**RATE, "country": "BR", "region": "SP", "percent": "18.0000"}
    first = (await finance.ask(SET_RATE, input={**place, "idempotencyKey": "br-1"}))["taxRateSet"]
    assert first["userErrors"] == []
    later = {**place, "percent": "17.5", "validFrom": "2999-01-01", "idempotencyKey": "br-2"}
    assert (await finance.ask(SET_RATE, input=later))["taxRateSet"]["userErrors"] == []
    rates = await finance.ask(
        '{ taxRates(first: 9, filter: {country: "BR"}) { nodes { region percent validFrom validUntil } } }'
    )
    assert rates["taxRates"]["nodes"] == [
        {"region": "SP", "percent": "18", "validFrom": "2016-01-01", "validUntil": "2999-01-01"},
        {"region": "SP", "percent": "17.5", "validFrom": "2999-01-01", "validUntil": None},
    ]
    past = {**place, "validFrom": "2020-01-01", "idempotencyKey": "br-3"}
    (error,) = (await finance.ask(SET_RATE, input=past))["taxRateSet"]["userErrors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "validFrom"])


BAD_RATES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("tax above 100 %", {"percent": "100.01"}, "percent"),
    ("negative tax", {"percent": "-1"}, "percent"),
    ("tax finer than any", {"percent": "8.87501"}, "percent"),
    ("a country by name", {"country": "Austria"}, "country"),
    ("no name", {"name": ""}, "name"),
)


@pytest.mark.parametrize(("says", "fields", "path"), BAD_RATES, ids=[row[0] for row in BAD_RATES])
async def test_bad_input_of_a_rate_names_its_field_and_writes_nothing(
    demo_copy: Database, finance: Hub, says: str, fields: dict[str, Any], path: str
) -> None:
    before = await contents(demo_copy)
    answer = (await finance.ask(SET_RATE, input={**RATE, **fields}))["taxRateSet"]
    assert answer["taxRate"] is None
    assert [(each["code"], each["path"]) for each in answer["userErrors"]] == [("INVALID_INPUT", ["input", path])], says
    assert await contents(demo_copy) == before


COUPON = {"code": "SPRING", "name": "Spring", "percent": "12.5", "periods": 3, "idempotencyKey": "spring"}
USD_5 = {"amount": "5.00", "currencyCode": "USD"}


async def test_coupons_of_a_share_and_of_an_amount_are_created_and_read(finance: Hub) -> None:
    share = (await finance.ask(CREATE_COUPON, input={**COUPON, "cap": USD_5, "component": "seats"}))["couponCreate"]
    assert share["userErrors"] == []
    assert share["coupon"] | {"id": ""} == {
        "id": "", "code": "SPRING", "percent": "12.5", "amount": None, "cap": {"amount": "5.00"}, "periods": 3,
        "product": None, "component": "seats", "redemptions": 0,
    }  # fmt: skip
    fixed = {"code": "TENTH", "name": "A tenth", "amount": USD_5, "idempotencyKey": "tenth"}
    made = (await finance.ask(CREATE_COUPON, input=fixed))["couponCreate"]["coupon"]
    assert (made["amount"], made["percent"], made["periods"]) == (USD_5, None, None)
    twice = (await finance.ask(CREATE_COUPON, input={**fixed, "idempotencyKey": "other"}))["couponCreate"]
    assert [each["path"] for each in twice["userErrors"]] == [["input", "code"]]


BAD_COUPONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("both a share and an amount", {"amount": USD_5}, "amount"),
    ("neither", {"percent": None}, "percent"),
    ("more than the whole", {"percent": "101"}, "percent"),
    ("nothing off", {"percent": "0"}, "percent"),
    ("a negative amount", {"percent": None, "amount": {"amount": "-5.00", "currencyCode": "USD"}}, "amount"),
    (
        "cents that yen have not",
        {"percent": None, "amount": {"amount": "5.00", "currencyCode": "JPY"}},
        "amount.amount",
    ),
    ("a cap on an amount", {"percent": None, "amount": USD_5, "cap": USD_5}, "cap"),
    ("for no period", {"periods": 0}, "periods"),
    ("for nobody", {"maxRedemptions": 0}, "maxRedemptions"),
    ("until yesterday", {"redeemBy": "2020-01-01T00:00:00Z"}, "redeemBy"),
    ("off what nobody sells", {"component": "wheels"}, "component"),
    ("with a blank inside", {"code": "SUM MER"}, "code"),
)


@pytest.mark.parametrize(("says", "fields", "path"), BAD_COUPONS, ids=[row[0] for row in BAD_COUPONS])
async def test_bad_input_of_a_coupon_names_its_field_and_writes_nothing(
    demo_copy: Database, finance: Hub, says: str, fields: dict[str, Any], path: str
) -> None:
    before = await contents(demo_copy)
    given = {**COUPON, "code": "SUMMER", "idempotencyKey": "summer", **fields}
    answer = (await finance.ask(CREATE_COUPON, input=given))["couponCreate"]
    assert answer["coupon"] is None
    assert [(each["code"], ".".join(each["path"])) for each in answer["userErrors"]] == [
        ("INVALID_INPUT", f"input.{path}")
    ], says
    assert await contents(demo_copy) == before


async def test_the_same_key_again_answers_as_before_and_with_another_input_is_refused(
    demo_copy: Database, finance: Hub
) -> None:
    given = {**COUPON, "code": "AGAIN", "idempotencyKey": "again"}
    first = (await finance.send(CREATE_COUPON, input=given)).json()
    before = await contents(demo_copy)
    again = (await finance.send(CREATE_COUPON, input=given)).json()
    assert again["data"] == first["data"]
    assert again["extensions"]["idempotentReplay"] is True
    other = (await finance.ask(CREATE_COUPON, input={**given, "periods": 4}))["couponCreate"]
    assert [(each["code"], each["path"]) for each in other["userErrors"]] == [
        ("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"])
    ]
    assert await contents(demo_copy) == before


TRAIL = """{ catalogEntries(first: 3) {
  totalCount nodes { actorKind staffRole action subjectId before after recordedAt }
} }"""


async def test_staff_read_who_did_what_to_the_catalog_and_nobody_else(client: httpx.AsyncClient, finance: Hub) -> None:
    rate = {**RATE, "country": "NA", "percent": "15", "idempotencyKey": "trail"}
    made = (await finance.ask(SET_RATE, input=rate))["taxRateSet"]["taxRate"]
    support = Hub.of_staff(client, StaffRole.SUPPORT)
    newest = (await support.ask(TRAIL))["catalogEntries"]["nodes"][0]
    assert (newest["staffRole"], newest["action"], newest["subjectId"]) == ("FINANCE", "tax_rate.set", made["id"])
    assert newest["before"] is None
    assert newest["after"] == (
        '{"country":"NA","region":null,"name":"USt","percent":"15","validFrom":"2016-01-01","validUntil":null}'
    )
    assert (await Hub.of(client, "enterprise").ask(TRAIL))["catalogEntries"] is None


RECORD = "mutation($input: UsageRecordInput!) { usageRecord(input: $input) { results { status } userErrors { path } } }"


async def test_a_measure_finer_than_a_meter_is_refused_rather_than_rounded(client: httpx.AsyncClient) -> None:
    event = {
        "accountId": account_id("enterprise"), "source": "crm", "id": "fine", "meter": "email-sends",
        "occurredAt": "2026-06-17T09:00:00Z",
    }  # fmt: skip
    system = Hub.of_staff(client, StaffRole.SYSTEM)
    fine = await system.ask(RECORD, input={"events": [{**event, "value": "0.0000001"}]})
    assert fine["usageRecord"] == {"results": [], "userErrors": [{"path": ["input", "events", "0", "value"]}]}
    vast = await system.ask(RECORD, input={"events": [{**event, "value": "99999999999999999999.000000000001"}]})
    assert vast["usageRecord"]["userErrors"] == [{"path": ["input", "events", "0", "value"]}]
    enough = await system.ask(RECORD, input={"events": [{**event, "value": "0.000001"}]})
    assert enough["usageRecord"]["results"] == [{"status": "ACCEPTED"}]


async def test_customers_and_support_publish_nothing(client: httpx.AsyncClient, demo_copy: Database) -> None:
    before = await contents(demo_copy)
    for hub in (Hub.of(client, "enterprise"), Hub.of_staff(client, StaffRole.SUPPORT)):
        for document, given in ((SET_RATE, RATE), (CREATE_COUPON, COUPON)):
            (payload,) = (await hub.ask(document, input={**given, "idempotencyKey": "theirs"})).values()
            assert [each["code"] for each in payload["userErrors"]] == ["FORBIDDEN"]
    assert await contents(demo_copy) == before
