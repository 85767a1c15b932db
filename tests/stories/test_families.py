"""A parent account that pays for its children, told through the public API: their invoices, and the one over them."""

import httpx

from tests.stories.telling import Customer, told


async def test_a_parent_pays_its_children_with_one_document(client: httpx.AsyncClient) -> None:
    """Two children start on 1 June, with one seat (25.00) and two (40.00). The parent's day is the 10th: 65.00."""
    parent = await Customer.opened(client, "parent", "2026-06-01T08:00:00Z")
    north, south = [
        await Customer.opened(client, name, "2026-06-01T08:00:00Z", parentId=parent.id) for name in ("north", "south")
    ]
    await parent.card()
    await parent.do(parent.finance, "consolidationSet", accountId=parent.id, childIds=[north.id, south.id], day=10)
    await north.start("sales-starter")
    await south.start("sales-starter", seats=2)
    for child in (north, south, parent):
        await child.advance("2026-06-12T00:00:00Z")
    assert await north.documents() == told("""
        2026-06-01 SIGN_UP PAID 25.00 (paid 25.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-01 to 2026-07-01""")
    assert await south.documents() == told("""
        2026-06-01 SIGN_UP PAID 40.00 (paid 40.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 2: 30.00, 2026-06-01 to 2026-07-01""")
    assert await parent.documents() == ""
    seen = await parent.look("consolidatedInvoices(first: 5) { nodes { total { amount } issuedOn paidAt } }")
    (over,) = seen["consolidatedInvoices"]["nodes"]
    assert (over["total"]["amount"], over["issuedOn"]) == ("65.00", "2026-06-10")
    assert over["paidAt"] is not None
