"""`taxRateSet`: tax a place at another rate from a day on."""

from domain.commands import SetTaxRate
from operations.asking_catalog import CatalogDeed
from operations.catalog.set_tax_rate import set_tax_rate
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def tax_rate_set(context: RequestContext, input: Asks[SetTaxRate]) -> Payload:
    """Set; bad input is an entry that names its field."""
    return await perform(context, input, "country", in_one(set_tax_rate), _wrote)


def _wrote(outcome: CatalogDeed) -> Wrote:
    return Wrote({"tax_rate": ("TaxRate", outcome.subject_id)})
