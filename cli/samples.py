"""The operations that the page at `/` offers and README shows, with what each is about. The terminal prints the first.

A variable "{account}" becomes the id of the persona's own account when the query is sent; "{subscription}" is its
oldest subscription and "{plan}" the plan one rung above that.
"""

from app.personas import Sample
from cli.change_samples import CHANGE_SAMPLES

HOME = """\
query Home($id: ID!) {
  account(by: { id: $id }) {
    name
    standing
    amountDue { amount currencyCode }
    subscription {
      plan { name }
      interval
      currentPeriod { end }
      items { component quantity }
    }
  }
}
"""

INVOICES = """\
query Invoices($id: ID!) {
  account(by: { id: $id }) {
    invoices(first: 1) {
      totalCount
      nodes {
        number
        status
        dueOn
        total { amount currencyCode }
        lines { description amount { amount } explanation { sentence } }
      }
    }
  }
}
"""

OUTCOMES = """\
query Outcomes {
  policyOutcomes(
    since: "2025-06-17T00:00:00Z"
    until: "2026-06-18T00:00:00Z"
    includeSandbox: true
    groupBy: [SEGMENT]
  ) {
    segment
    requests { previews count taken conversionPercent refusals { rule requests } }
    changes { accepted applied selfServicePercent reverted invoicesCorrected }
    approvals { requested open }
  }
}
"""

PREVIEW = """\
query Preview($change: PlanChangeInput!) {
  planChangePreview(input: $change) {
    direction
    isImmediate
    decision { verdict reasons { code sentence } }
    delta {
      credit { amount }
      charge { amount }
      net { amount currencyCode }
      lines { description amount { amount } }
    }
    nextInvoice { issuesAt total { amount } }
    entitlementChanges { feature { code } isGained isLost }
    quote { expiresAt }
  }
}
"""

ENTITLEMENTS = """\
query Entitlements($id: ID!) {
  account(by: { id: $id }) {
    entitlements {
      featureCode
      source
      value {
        ... on BooleanValue { isEnabled }
        ... on LimitValue { stored: limit }
        ... on MeteredValue { inAPeriod: limit }
        ... on ConfigValue { setting }
      }
    }
  }
}
"""

PLANS = """\
query Plans {
  plans(first: 20) {
    nodes { code name product { name } }
  }
}
"""

STAFF_LIST = """\
query StaffList {
  accounts(first: 10) {
    nodes {
      name
      segment
      standing
      subscription { plan { name } }
      invoices(first: 3) { nodes { number total { amount currencyCode } } }
    }
  }
}
"""

_ACCOUNT = {"id": "{account}"}
_UP = {"change": {"subscriptionId": "{subscription}", "planId": "{plan}"}}

SAMPLES = (
    Sample("Home", "What the account has, owes, and when it renews.", HOME, _ACCOUNT),
    Sample("Invoices", "The latest invoices with their lines; amounts are exact decimals.", INVOICES, _ACCOUNT),
    Sample("Preview a change", "What the plan one rung up would cost and bring; nothing changes.", PREVIEW, _UP),
    Sample("Entitlements", "What the plan and its overrides allow.", ENTITLEMENTS, _ACCOUNT),
    Sample("Plans", "What is for sale.", PLANS),
    *CHANGE_SAMPLES,
    Sample("All accounts", "What staff see first; a persona sees nothing here.", STAFF_LIST, audience="staff"),
    Sample("Outcomes", "What became of a year's plan changes, all of sandboxes.", OUTCOMES, audience="staff"),
)
