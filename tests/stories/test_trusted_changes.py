"""Changes a customer can trust: what was shown is what is charged, a no says what would help, and dates keep.

Pipeline Starter is 10.00 a month and 15.00 a seat (ten months a year), Professional 90.00 and 75.00. June has 30 days.
"""

from typing import Any

import httpx
import pytest

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.hub import Hub
from tests.stories.offering import base, offer, seats
from tests.stories.telling import Customer, told

SHOWN = """kind isImmediate
  decision { verdict effectiveAt reasons { code verdict sentence figures { name value } remedy { action sentence } } }
  parts { axis component direction timing effectiveAt }
  delta { net { amount } lines { amount { amount } } creditNotes { total { amount } } }
  nextInvoice { total { amount } lines { amount { amount } } }
  entitlementChanges { feature { code } isLost used fits excess }
  quote { token expiresAt }"""
PREVIEW = f"query($input: PlanChangeInput!) {{ planChangePreview(input: $input) {{ {SHOWN} }} }}"
COMPARE = f"""query($id: ID!, $candidates: [PlanChangeCandidateInput!]!) {{
  planChangePreviews(subscriptionId: $id, candidates: $candidates) {{ {SHOWN} }} }}"""
TAKE = """mutation($input: SubscriptionChangePlanInput!) { subscriptionChangePlan(input: $input) {
  planChange { id status effectiveAt } decision { verdict } userErrors { code figures { name value } } } }"""
STATE = """subscriptions(first: 1) { nodes {
  status cancelAt endedAt interval plan { code } pendingChange { id effectiveAt } } }"""


async def look(who: Customer, subscription: str, hub: Hub | None = None, **asked: Any) -> Any:
    """The preview of a change."""
    given = {"subscriptionId": subscription, **asked}
    return (await (hub or who.owner).ask(PREVIEW, input=given))["planChangePreview"]


async def take(who: Customer, shown: Any, hub: Hub | None = None, *confirm: str) -> Any:
    """The payload of taking what was shown."""
    given = {"quoteToken": shown["quote"]["token"], "idempotencyKey": who.key(), "confirm": list(confirm)}
    return (await (hub or who.owner).ask(TAKE, input=given))["subscriptionChangePlan"]


async def taken(who: Customer, shown: Any, hub: Hub | None = None, *confirm: str) -> Any:
    """The change that came of it."""
    done = await take(who, shown, hub, *confirm)
    assert (done["userErrors"], done["planChange"] is not None) == ([], True), done
    return done["planChange"]


async def state(who: Customer) -> Any:
    """The one subscription as the hub shows it."""
    return (await who.look(STATE))["subscriptions"]["nodes"][0]


def units(**quantities: int) -> list[dict[str, Any]]:
    """Quantities as they are asked for."""
    return [{"component": each.replace("_", "-"), "quantity": count} for each, count in quantities.items()]


def amounts(lines: list[Any]) -> list[str]:
    """What each line comes to."""
    return [each["amount"]["amount"] for each in lines]


async def test_a_second_upgrade_in_the_month_gives_back_the_rest_of_both_lines(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """With 20 days left: 30.00 and 20.00 give back 20.00 and 13.33; 60.00 and 40.00 cost 40.00 and 26.67. With 10 left
    half of what those lines were: 20.00 and 13.335, together 33.34; 120.00 and 80.00 cost 40.00 and 26.67.
    """
    for rank, (code, fee, seat) in enumerate(
        (
            ("trusted-small", "30.00", "10.00"),
            ("trusted-middle", "60.00", "20.00"),
            ("trusted-large", "120.00", "40.00"),
        )
    ):
        await offer(client, code, 140 + rank, base(fee), seats(seat))
    who = await Customer.opened(client, "up-and-up", "2026-06-01T08:00:00Z")
    await who.card()
    subscription = await who.start("trusted-small", seats=2)
    await who.advance("2026-06-11T00:00:00Z")
    first = await look(who, subscription, planId=await who.plan("trusted-middle"))
    assert (first["delta"]["net"]["amount"], first["nextInvoice"]["total"]["amount"]) == ("33.34", "100.00")
    await taken(who, first)
    await who.advance("2026-06-21T00:00:00Z")
    second = await look(who, subscription, planId=await who.plan("trusted-large"))
    assert amounts(second["delta"]["lines"]) == ["-20.00", "-13.34", "40.00", "26.67"]
    assert (second["delta"]["net"]["amount"], second["nextInvoice"]["total"]["amount"]) == ("33.33", "200.00")
    await taken(who, second)
    await who.advance("2026-07-02T00:00:00Z")
    assert await who.documents() == told("""
        2026-06-01 SIGN_UP PAID 50.00 (paid 50.00)
          CHARGE Trusted small: 30.00, 2026-06-01 to 2026-07-01
          CHARGE Trusted small: Seats × 2: 20.00, 2026-06-01 to 2026-07-01
        2026-06-11 PLAN_CHANGE PAID 33.34 (paid 33.34)
          PRORATION_CREDIT Unused: Trusted small: -20.00, 2026-06-11 to 2026-07-01
          PRORATION_CREDIT Unused: Trusted small: Seats × 2: -13.33, 2026-06-11 to 2026-07-01
          PRORATION_CHARGE Trusted middle: 40.00, 2026-06-11 to 2026-07-01
          PRORATION_CHARGE Trusted middle: Seats × 2: 26.67, 2026-06-11 to 2026-07-01
        2026-06-21 PLAN_CHANGE PAID 33.33 (paid 33.33)
          PRORATION_CREDIT Unused: Trusted middle: -20.00, 2026-06-21 to 2026-07-01
          PRORATION_CREDIT Unused: Trusted middle: Seats × 2: -13.34, 2026-06-21 to 2026-07-01
          PRORATION_CHARGE Trusted large: 40.00, 2026-06-21 to 2026-07-01
          PRORATION_CHARGE Trusted large: Seats × 2: 26.67, 2026-06-21 to 2026-07-01
        2026-07-01 RENEWAL PAID 200.00 (paid 200.00)
          CHARGE Trusted large: 120.00, 2026-07-01 to 2026-08-01
          CHARGE Trusted large: Seats × 2: 80.00, 2026-07-01 to 2026-08-01""")
    assert await audited(demo_copy, who) == []


async def test_a_year_under_contract_becomes_months_when_the_contract_ends(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """100.00 and a seat for 150.00 a year. Asked for in March and taken back, asked for again in May: from 2027 on."""
    who = await Customer.opened(client, "year-to-months", "2026-01-01T08:00:00Z")
    await who.card()
    subscription = await who.start("sales-starter", "YEAR", commitmentMonths=12)
    await who.advance("2026-03-10T00:00:00Z")
    shown = await look(who, subscription, interval="MONTH")
    assert (shown["isImmediate"], shown["decision"]["effectiveAt"]) == (False, "2027-01-01T00:00:00.000000Z")
    (reason,) = [each for each in shown["decision"]["reasons"] if each["code"].startswith("T-")]
    assert (reason["code"], reason["figures"]) == ("T-03", [{"name": "effective_on", "value": "2027-01-01"}])
    assert (shown["delta"]["lines"], shown["nextInvoice"]["total"]["amount"]) == ([], "25.00")
    change = await taken(who, shown)
    assert (await state(who))["pendingChange"] == {"id": change["id"], "effectiveAt": "2027-01-01T00:00:00.000000Z"}
    await who.do(who.owner, "planChangeCancel", "planChange { status }", planChangeId=change["id"])
    assert (await state(who))["pendingChange"] is None
    await who.advance("2026-05-20T00:00:00Z")
    await taken(who, await look(who, subscription, interval="MONTH"))
    # notice that is agreed on later is no reason to put off what was accepted; it is one for what is asked from now on
    await who.do(
        who.finance, "accountTermsSet", "terms { noticeDays }", accountId=who.id, noticeDays=60, reason="A deal"
    )
    await who.advance("2026-12-15T00:00:00Z")
    late = await look(who, subscription, interval="MONTH", replacePending=True)
    assert late["decision"]["effectiveAt"] == "2028-01-01T00:00:00.000000Z"
    assert "PC-20" in [each["code"] for each in late["decision"]["reasons"]]
    await who.advance("2027-02-02T00:00:00Z")
    assert ((await state(who))["interval"], (await state(who))["pendingChange"]) == ("MONTH", None)
    assert await who.documents() == told("""
        2026-01-01 SIGN_UP PAID 250.00 (paid 250.00)
          CHARGE Pipeline Starter: 100.00, 2026-01-01 to 2027-01-01
          CHARGE Pipeline Starter: Seats × 1: 150.00, 2026-01-01 to 2027-01-01
        2027-01-01 RENEWAL PAID 25.00 (paid 25.00)
          CHARGE Pipeline Starter: 10.00, 2027-01-01 to 2027-02-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2027-01-01 to 2027-02-01
        2027-02-01 RENEWAL PAID 25.00 (paid 25.00)
          CHARGE Pipeline Starter: 10.00, 2027-02-01 to 2027-03-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2027-02-01 to 2027-03-01""")
    assert await audited(demo_copy, who) == []


async def test_seats_in_use_are_given_up_before_fewer_are_paid_for(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """Five seats in use do not fit three: a no in figures, and no quote. Two are given up: a new preview has one."""
    who = await Customer.opened(client, "too-many-seats", "2026-06-01T08:00:00Z")
    await who.card()
    subscription = await who.start("sales-professional", seats=5)
    await who.advance("2026-06-10T00:00:00Z")
    assert await who.use("seats", ("five", "2026-06-09T00:00:00Z", "5")) == ["ACCEPTED"]
    asked: dict[str, Any] = {"planId": await who.plan("sales-starter"), "quantities": units(seats=3)}
    no = await look(who, subscription, **asked)
    assert (no["decision"]["verdict"], no["quote"]) == ("REFUSE", None)
    (reason,) = [each for each in no["decision"]["reasons"] if each["code"] == "PC-16"]
    assert reason["sentence"] == "5 seats are in use and Pipeline Starter would have 3."
    assert {each["name"]: each["value"] for each in reason["figures"]} == {
        "seats_in_use": "5", "seats_in_new_plan": "3", "seats_too_many": "2", "new_plan": "Pipeline Starter",
    }  # fmt: skip
    assert reason["remedy"] == {
        "action": "REDUCE_SEATS", "sentence": "Seats to free first: 2. Or keep more of them.",
    }  # fmt: skip
    (of_seats,) = [each for each in no["entitlementChanges"] if each["feature"]["code"] == "seats"]
    assert (of_seats["used"], of_seats["fits"], of_seats["excess"]) == ("5", False, "2")
    await who.advance("2026-06-12T00:00:00Z")
    assert await who.use("seats", ("three", "2026-06-11T00:00:00Z", "3")) == ["ACCEPTED"]
    yes = await look(who, subscription, **asked)
    assert yes["decision"]["effectiveAt"] == "2026-07-01T00:00:00.000000Z"
    unconfirmed = await take(who, yes)
    assert (unconfirmed["planChange"], unconfirmed["decision"]) == (None, {"verdict": "ASK_CONFIRMATION"})
    assert (await taken(who, yes, None, "PC-13"))["status"] == "SCHEDULED"
    await who.advance("2026-07-02T00:00:00Z")
    assert await who.documents() == told("""
        2026-06-01 SIGN_UP PAID 465.00 (paid 465.00)
          CHARGE Pipeline Professional: 90.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Professional: Seats × 5: 375.00, 2026-06-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 55.00 (paid 55.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 3: 45.00, 2026-07-01 to 2026-08-01""")
    assert await audited(demo_copy, who) == []


async def test_several_things_at_once_have_a_date_each_and_can_be_split(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """A brand more is at once, a seat less waits: as one, both wait for July. Split, half of June's 35.00 is due."""
    together, split = [
        await Customer.opened(client, name, "2026-06-01T08:00:00Z") for name in ("taken-together", "taken-apart")
    ]
    for who in (together, split):
        await who.card()
        await who.start("marketing-professional", seats=4)
        await who.advance("2026-06-16T00:00:00Z")
    shown = await look(together, together.subscriptions["marketing-professional"], quantities=units(brands=1, seats=3))
    july, now = "2026-07-01T00:00:00.000000Z", "2026-06-16T00:00:00.000000Z"
    parts = {each["component"]: (each["direction"], each["timing"], each["effectiveAt"]) for each in shown["parts"]}
    assert parts == {"brands": ("UPGRADE", "IMMEDIATE", now), "seats": ("DOWNGRADE", "END_OF_PERIOD", july)}
    assert (shown["decision"]["effectiveAt"], shown["delta"]["lines"]) == (july, [])
    assert (await taken(together, shown))["effectiveAt"] == july
    for wanted, on in ((units(brands=1), now), (units(seats=3), july)):
        shown = await look(split, split.subscriptions["marketing-professional"], quantities=wanted)
        assert (await taken(split, shown))["effectiveAt"] == on
    in_june = """
        2026-06-01 SIGN_UP PAID 740.00 (paid 740.00)
          CHARGE Outreach Professional: 480.00, 2026-06-01 to 2026-07-01
          CHARGE Outreach Professional: Seats × 4: 180.00, 2026-06-01 to 2026-07-01
          CHARGE Outreach Professional: 1,000 marketing contacts × 2: 80.00, 2026-06-01 to 2026-07-01"""
    in_july = """
        2026-07-01 RENEWAL PAID 730.00 (paid 730.00)
          CHARGE Outreach Professional: 480.00, 2026-07-01 to 2026-08-01
          CHARGE Outreach Professional: Seats × 3: 135.00, 2026-07-01 to 2026-08-01
          CHARGE Outreach Professional: 1,000 marketing contacts × 2: 80.00, 2026-07-01 to 2026-08-01
          CHARGE Outreach Professional: Additional brands × 1: 35.00, 2026-07-01 to 2026-08-01"""
    delta = """
        2026-06-16 PLAN_CHANGE PAID 17.50 (paid 17.50)
          PRORATION_CHARGE Outreach Professional: Additional brands × 1: 17.50, 2026-06-16 to 2026-07-01"""
    for who, written in ((together, in_june + in_july), (split, in_june + delta + in_july)):
        await who.advance("2026-07-02T00:00:00Z")
        assert await who.documents() == told(written)
        assert await audited(demo_copy, who) == []


async def test_a_trial_is_paid_from_today_an_end_is_shown_taken_back_and_meant(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """From 10 June on 25.00 a month. Ended at once on 25 June, half of the month to 10 July is left: 12.50, which only
    finance gives back.
    """
    plain, kind = [await Customer.opened(client, name, "2026-06-01T08:00:00Z") for name in ("ends", "ends-kindly")]
    for who in (plain, kind):
        await who.card()
        subscription = await who.start("sales-starter", trialDays=30)
        await who.advance("2026-06-10T00:00:00Z")
        shown = await look(who, subscription, kind="END_TRIAL")
        assert amounts(shown["delta"]["lines"]) == ["10.00", "15.00"]
        assert (await taken(who, shown))["status"] == "APPLIED"
        await who.advance("2026-06-15T00:00:00Z")
        shown = await look(who, subscription, kind="CANCEL")
        assert (shown["decision"]["effectiveAt"], shown["delta"]["lines"]) == ("2026-07-10T00:00:00.000000Z", [])
        assert "seats" in [each["feature"]["code"] for each in shown["entitlementChanges"] if each["isLost"]]
        await taken(who, shown)
        assert (await state(who))["cancelAt"] == "2026-07-10T00:00:00.000000Z"
        await who.do(who.owner, "subscriptionUndoCancel", subscriptionId=subscription)
        assert (await state(who))["cancelAt"] is None
        await who.advance("2026-06-25T00:00:00Z")
    written = """
        2026-06-10 PLAN_CHANGE PAID 25.00 ({beside}paid 25.00{back})
          CHARGE Pipeline Starter: 10.00, 2026-06-10 to 2026-07-10
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-10 to 2026-07-10"""
    shown = await look(plain, plain.subscriptions["sales-starter"], kind="CANCEL", cancel={"isImmediate": True})
    assert shown["delta"]["creditNotes"] == []
    await taken(plain, shown)
    with_credit: dict[str, Any] = {"kind": "CANCEL", "cancel": {"isImmediate": True, "creditUnused": True}}
    no = await look(kind, kind.subscriptions["sales-starter"], **with_credit)
    assert (no["decision"]["verdict"], no["quote"]) == ("REFUSE", None)
    shown = await look(kind, kind.subscriptions["sales-starter"], kind.finance, **with_credit)
    assert shown["delta"]["net"]["amount"] == "-12.50"
    await taken(kind, shown, kind.finance)
    given = """
        2026-06-25 CREDIT NOTE CANCELLATION 12.50 (to balance 12.50)
          Unused: Pipeline Starter: 5.00
          Unused: Pipeline Starter: Seats × 1: 7.50
        credit balance 12.50"""
    back = ", returned 12.50"
    for who, expected in (
        (plain, written.format(beside="", back="")),
        (kind, written.format(beside="credited 12.50, ", back=back) + given),
    ):
        assert (await state(who))["endedAt"] == "2026-06-25T00:00:00.000000Z"
        await who.advance("2026-08-01T00:00:00Z")
        assert await who.documents() == told(expected)
        assert await audited(demo_copy, who) == []


async def test_a_pause_and_a_resume_by_quote_are_those_in_one_step(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """Half of June back, then 11 of July's 31 days: the same documents, by whichever way."""
    by_quote, in_one = [await Customer.opened(client, name, "2026-06-01T08:00:00Z") for name in ("quoted", "in-one")]
    for who in (by_quote, in_one):
        await who.card()
        await who.start("sales-starter")
    for day, kind, net in (("2026-06-16", "PAUSE", "-12.50"), ("2026-07-21", "RESUME", "8.87")):
        for who in (by_quote, in_one):
            await who.advance(f"{day}T00:00:00Z")
        shown = await look(by_quote, by_quote.subscriptions["sales-starter"], kind=kind)
        assert shown["delta"]["net"]["amount"] == net
        await taken(by_quote, shown)
        await in_one.do(
            in_one.owner, f"subscription{kind.capitalize()}", subscriptionId=in_one.subscriptions["sales-starter"]
        )
    for who in (by_quote, in_one):
        await who.advance("2026-08-02T00:00:00Z")
        assert await audited(demo_copy, who) == []
    written = await by_quote.documents()
    assert written == await in_one.documents()
    assert written.splitlines()[3] == "2026-07-21 RESUME PAID 8.87 (from balance 8.87)"


async def test_of_a_dozen_candidates_one_is_taken_and_the_others_say_what_has_changed(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """Each is what it would be alone, with a quote of its own. Once one is taken the others are of a past."""
    who = await Customer.opened(client, "a-dozen", "2026-06-01T08:00:00Z")
    await who.card()
    subscription = await who.start("sales-starter", seats=3)
    await who.advance("2026-06-16T00:00:00Z")
    pro = await who.plan("sales-professional")
    candidates: list[dict[str, Any]] = [
        *({"planId": pro, "quantities": units(seats=count)} for count in (3, 4, 5, 6)),
        *({"quantities": units(seats=count)} for count in (1, 2, 4, 5)),
        {"interval": "YEAR"}, {"planId": pro, "interval": "YEAR"}, {"kind": "CANCEL"}, {"kind": "PAUSE"},
    ]  # fmt: skip
    found = (await who.owner.ask(COMPARE, id=subscription, candidates=candidates))["planChangePreviews"]
    assert len({each["quote"]["token"] for each in found}) == 12
    for candidate, answer in zip(candidates, found, strict=True):
        alone = await look(who, subscription, **candidate)
        assert {**alone, "quote": None} == {**answer, "quote": None}
    # half of 45.00 back, half of 60.00 anew
    assert found[6]["delta"]["net"]["amount"] == "7.50"
    await taken(who, found[6])
    expected = {
        "subscription", "nextInvoice", "lines", "entitlements", "verdict", "effectiveAt", "phases",
    }  # fmt: skip
    for place, answer in enumerate(found):
        if place == 6:
            continue
        done = await take(who, answer, None, "PC-13")
        (error,) = done["userErrors"]
        differs = {each["value"] for each in error["figures"] if each["name"] == "differs"}
        assert (error["code"], "subscription" in differs, differs <= expected) == ("STALE_QUOTE", True, True), place
        assert ("lines" in differs) == answer["isImmediate"], (place, differs)
    assert (await who.documents()).splitlines()[3:] == [
        "2026-06-16 PLAN_CHANGE PAID 7.50 (paid 7.50)",
        "  PRORATION_CREDIT Unused: Pipeline Starter: Seats × 3: -22.50, 2026-06-16 to 2026-07-01",
        "  PRORATION_CHARGE Pipeline Starter: Seats × 4: 30.00, 2026-06-16 to 2026-07-01",
    ]
    assert await audited(demo_copy, who) == []


@pytest.mark.parametrize(
    ("name", "shown_at", "expires_at", "taken_at", "code"),
    [
        ("in-time", "06-16T00:00:00", "06-16T00:30:00", "06-16T00:29:59", None),
        ("at-its-end", "06-16T00:00:00", "06-16T00:30:00", "06-16T00:30:00", "QUOTE_EXPIRED"),
        ("in-the-period", "06-30T23:50:00", "07-01T00:00:00", "06-30T23:59:59", None),
        ("after-the-period", "06-30T23:50:00", "07-01T00:00:00", "07-01T00:00:00", "QUOTE_EXPIRED"),
    ],
)
async def test_a_quote_holds_to_the_second_and_never_beyond_its_period(
    client: httpx.AsyncClient, demo_copy: Database, name: str, shown_at: str, expires_at: str, taken_at: str,
    code: str | None,
) -> None:  # fmt: skip
    """It is priced at the instant it was shown at, whenever it is taken."""
    who = await Customer.opened(client, f"quote-{name}", "2026-06-01T08:00:00Z")
    await who.card()
    subscription = await who.start("sales-starter")
    await who.advance(f"2026-{shown_at}Z")
    shown = await look(who, subscription, quantities=units(seats=2))
    assert shown["quote"]["expiresAt"] == f"2026-{expires_at}.000000Z"
    await who.advance(f"2026-{taken_at}Z")
    done = await take(who, shown)
    assert [each["code"] for each in done["userErrors"]] == ([] if code is None else [code])
    invoices, _, _ = await who.raw_documents()
    deltas = [each for each in invoices if each["reason"] == "PLAN_CHANGE"]
    assert len(deltas) == (code is None)
    for delta in deltas:
        assert amounts(delta["lines"]) == amounts(shown["delta"]["lines"])
        assert delta["lines"][1]["servicePeriod"]["start"] == f"2026-{shown_at}.000000Z"
    assert await audited(demo_copy, who) == []
