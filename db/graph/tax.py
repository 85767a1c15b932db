"""What the graph reads of the tax tables: rates by country and region, and the days they hold for."""

from db.graph.declare import Entity, columns, pages
from db.graph.filters import equals
from db.tables import tax_rates

TAX_RATE = Entity(
    "TaxRate",
    tax_rates,
    prefix="taxr",
    fields=columns(tax_rates, "country region name percent valid_from valid_until"),
)

TAX_RATES = pages(
    "TaxRate",
    None,
    order=[tax_rates.c.country, tax_rates.c.valid_from, tax_rates.c.id],
    filters={"country": equals(tax_rates.c.country), "region": equals(tax_rates.c.region)},
)
