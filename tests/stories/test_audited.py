"""Lives that look odd and are sound, told through the public API: the audit has nothing to say of them."""

import httpx
import pytest

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.offering import base, offer, sends
from tests.stories.telling import Customer


@pytest.fixture(scope="module", autouse=True)
async def _on_sale(client: httpx.AsyncClient) -> None:
    await offer(client, "cent", 94, base("30.00"), sends("0.01"))
    await offer(client, "two-cents", 96, base("60.00"), sends("0.02"))


async def test_what_is_issued_again_says_what_the_first_one_counted(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """100 of June were on the invoice of 2 July. 10 more came on the 3rd, it was issued again on the 5th: still 100."""
    customer = await Customer.opened(client, "issued-again", "2026-06-01T08:00:00Z", netDays=365)
    await customer.start("cent")
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.use("email-sends", ("june-1", "2026-06-05T00:00:00Z", "100"))
    await customer.advance("2026-07-03T00:00:00Z")
    await customer.use("email-sends", ("june-2", "2026-06-06T00:00:00Z", "10"))
    await customer.advance("2026-07-05T00:00:00Z")
    renewal = (await customer.raw_documents())[0][-1]
    for _ in range(2):  # and once more
        await customer.do(customer.finance, "invoiceVoid", invoiceId=renewal["id"], reason="A typo", reissue=True)
        renewal = (await customer.raw_documents())[0][-1]
        assert [each["quantity"] for each in renewal["lines"]] == ["100", "1"]
    assert await audited(demo_copy, customer) == []
    # the 10 are on the next one, once
    await customer.advance("2026-08-03T00:00:00Z")
    assert "ADJUSTMENT Counted again: Cent: 110 E-mails: 0.10" in await customer.documents()
    assert await audited(demo_copy, customer) == []


@pytest.mark.parametrize("is_before", [True, False])
async def test_use_that_comes_at_the_instant_a_change_closes_the_draft(
    client: httpx.AsyncClient, demo_copy: Database, is_before: bool
) -> None:
    """Both at 06:00 on 1 July, on a clock that stands: use sent before the change is on the draft, after it is late."""
    customer = await Customer.opened(client, f"at-one-instant-{is_before}", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("cent")
    await customer.advance("2026-07-01T06:00:00Z")
    if is_before:
        await customer.use("email-sends", ("june", "2026-06-30T00:00:00Z", "100"))
    await customer.change(subscription, "two-cents")
    if not is_before:
        await customer.use("email-sends", ("june", "2026-06-30T00:00:00Z", "100"))
    counted = next(
        line for each in (await customer.raw_documents())[0] for line in each["lines"] if line["kind"] == "USAGE"
    )
    assert counted["quantity"] == ("100" if is_before else "0")
    assert await audited(demo_copy, customer) == []


async def test_an_exemption_at_the_instant_of_an_invoice(client: httpx.AsyncClient, demo_copy: Database) -> None:
    """Taxed at sign-up, exempt a moment later on a clock that stands, exempt on the next."""
    customer = await Customer.opened(client, "exempt-at-once", "2026-06-01T08:00:00Z", country="AT")
    await customer.card()
    await customer.start("sales-starter")
    await customer.do(customer.finance, "accountUpdate", accountId=customer.id, taxExemption="EXEMPT")
    assert await audited(demo_copy, customer) == []
    await customer.advance("2026-07-02T00:00:00Z")
    first, second = (await customer.raw_documents())[0]
    # 20 % of 25.00
    assert (first["tax"]["amount"], second["tax"]["amount"]) == ("5.00", "0.00")
    assert await audited(demo_copy, customer) == []
