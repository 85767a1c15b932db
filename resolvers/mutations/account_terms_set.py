"""`accountTermsSet`: agree on terms with an account."""

from domain.commands.account_terms import SetAccountTerms
from operations.accounts.set_account_terms import AccountTermsSet, set_account_terms
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def account_terms_set(context: RequestContext, input: Asks[SetAccountTerms]) -> Payload:
    """Set; what was agreed before has ended."""
    return await perform(context, input, "accountId", in_one(set_account_terms), _wrote)


def _wrote(outcome: AccountTermsSet) -> Wrote:
    return Wrote({"terms": ("AccountTerms", outcome.terms_id)})
