"""Law L19 over random lives: whatever happens to a subscription and its account, a final document stays what it is."""

from datetime import timedelta
from random import Random

import pytest

from domain.tax import TaxExemption
from tests.make import MONTH, PRO, april
from tests.operations.lives import FINANCE, Lives
from tests.operations.test_l15_service_of_a_life import a_deed
from tests.stored import Customer, World

SEEDS = range(5)
BESIDE = (
    "status", "credited_minor", "applied_minor", "paid_minor", "returned_minor", "next_step_at", "paid_at",
    "voided_at", "written_off_at", "consolidated_invoice_id", "consolidated_due_on",
)  # fmt: skip
"""What is recorded beside an invoice's document; everything else of its row is the document."""
PARTS = ("invoice_lines", "invoice_taxes", "credit_note_lines")


async def documents(world: World, who: Customer) -> dict[str, str]:
    """Every final document of an account as text, with its lines; of invoices not what stands beside them."""
    beside = ", ".join(f"'{name}'" for name in BESIDE)
    found = await world.rows(
        f"SELECT i.id::text AS id, (to_jsonb(i) - ARRAY[{beside}])::text AS said FROM invoices i "
        "WHERE account_id = :id AND status <> 'DRAFT' "
        "UNION ALL SELECT n.id::text, to_jsonb(n)::text FROM credit_notes n WHERE account_id = :id",
        id=who.id,
    )
    said = {row.id: row.said for row in found}
    for table in PARTS:
        owner = "credit_note_id" if table == "credit_note_lines" else "invoice_id"
        lines = await world.rows(
            f"SELECT {owner}::text AS id, string_agg(to_jsonb(l)::text, ' ' ORDER BY position) AS said FROM {table} l "
            f"WHERE account_id = :id GROUP BY {owner}",
            id=who.id,
        )
        for row in lines:
            if row.id in said:
                said[row.id] += row.said
    return said


@pytest.mark.parametrize("seed", SEEDS)
async def test_l19_a_finalised_document_never_changes(world: World, seed: int) -> None:
    chance, lives, who = Random(seed), Lives(world), await world.customer(net_days=365)
    subscription = await lives.started(who, PRO, seats=2, interval=MONTH)
    at, known = april(1), await documents(world, who)
    assert len(known) == 1
    for number in range(12):
        at += timedelta(days=chance.randrange(1, 20), seconds=chance.randrange(86_400))
        await world.run_until(who, at)
        if (await lives.subscription(who)).ended_at is not None:
            break
        await a_deed(lives, who, subscription, at, chance)
        await lives.update(
            who, at, name=f"Renamed {number}", address=f"{number} Street", country=chance.choice(["US", "DE"])
        )
        await lives.update(who, at, exemption=chance.choice(list(TaxExemption)), actor=FINANCE)
        if number % 3 == 0:
            await lives.update(who, at, zone=chance.choice(["Asia/Tokyo", "America/New_York", "UTC"]))
        for invoice in await world.of(who, "invoices", where="status = 'OPEN'"):
            if chance.random() < 0.3:
                await world.pay(who, invoice.id, at)
        now = await documents(world, who)
        assert {key: now[key] for key in known} == known
        known = now
    assert len(known) >= 2
