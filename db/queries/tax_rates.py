"""The tax tables for decisions: all of them, or the rates of one place."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.rows import AnyRow
from db.tables import tax_rates
from domain.ids import TaxRateId
from domain.tax import TaxRate


async def all_rates(session: AsyncSession) -> tuple[TaxRate, ...]:
    """Every rate there is and was, by country and first day; one statement. The tables are small."""
    rate = tax_rates.c
    found = await session.execute(select(tax_rates).order_by(rate.country, rate.valid_from, rate.id))
    return tuple(tax_rate(row) for row in found)


async def rates_at(session: AsyncSession, country: str, region: str | None) -> tuple[TaxRate, ...]:
    """The rates of one country as a whole, or of one region of it, by first day."""
    rate = tax_rates.c
    found = await session.execute(
        select(tax_rates)
        .where(rate.country == country, rate.region.is_not_distinct_from(region))
        .order_by(rate.valid_from)
    )
    return tuple(tax_rate(row) for row in found)


def tax_rate(row: AnyRow) -> TaxRate:
    """A `tax_rates` row."""
    return TaxRate(TaxRateId(row.id), row.country, row.region, row.name, row.percent, row.valid_from, row.valid_until)
