"""Set the tax of a country, or of a region of it, from a day on. What was asked up to then is never rewritten."""

from typing import Any

from db.catalog_entries import Deed
from db.queries.tax_rates import rates_at
from db.save import catalog
from db.unit_of_work import UnitOfWork
from domain.commands import SetTaxRate
from domain.ids import TaxRateId
from domain.naming import ensure_name
from domain.tax import TaxRate
from domain.tax_tables import closed_by
from operations.asking import KeyReused
from operations.asking_catalog import CatalogDeed, asked_of_catalog

MUTATION = "taxRateSet"


async def set_tax_rate(unit: UnitOfWork, command: SetTaxRate) -> CatalogDeed | KeyReused:
    """Write the rate, and end the one that runs at its place on the day the new one begins.

    Documents keep the rate they were issued at. Raises Forbidden, and InvalidInput with the path of the field at
    fault: a percent above 100, a first day that a rate on the tables does not leave free (domain/tax_tables.py).
    """
    request = await asked_of_catalog(unit, MUTATION, command)
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return request.done
    ensure_name(command.name, "name")
    if command.region is not None:
        ensure_name(command.region, "region")
    rate = TaxRate(
        TaxRateId(unit.ids.new()),
        command.country,
        command.region,
        command.name,
        command.percent,
        command.valid_from,
    )
    closed = closed_by(rate, await rates_at(unit.session, rate.country, rate.region), unit.recorded_at)
    if closed is not None:
        await catalog.closed_tax_rate(unit, closed)
    await catalog.new_tax_rate(unit, rate)
    before = None if closed is None else _state(closed)
    return request.record(unit, Deed("tax_rate.set", "TaxRate", rate.id, _state(rate), before))


def _state(rate: TaxRate) -> dict[str, Any]:
    return {
        "country": rate.country,
        "region": rate.region,
        "name": rate.name,
        "percent": format(rate.percent, "f"),
        "validFrom": rate.valid_from.isoformat(),
        "validUntil": rate.valid_until.isoformat() if rate.valid_until else None,
    }
