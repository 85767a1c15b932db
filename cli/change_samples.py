"""The operations on plan changes that the page at `/` offers, for who draws their screens and for who watches them.

Beside what samples.py says of variables: "{key}" is an idempotency key, a new one each time a sample is chosen;
"{quote}" and "{approval}" are the first quote and the first request for approval in the latest answer that had one.
"""

from app.personas import Sample

WHOLE_PREVIEW = """\
query WholePreview($change: PlanChangeInput!) {
  planChangePreview(input: $change) {
    kind
    direction
    isImmediate
    decision {
      verdict
      effectiveAt
      policyVersion
      reasons {
        code
        verdict
        sentence
        figures { name value }
        remedy { action sentence target }
        effectiveAt
      }
    }
    parts { axis component direction timing effectiveAt sentence }
    delta { net { amount currencyCode } lines { description amount { amount } } }
    nextInvoice { issuesAt total { amount currencyCode } }
    entitlementChanges { feature { code name } isGained isLost used fits excess }
    quote { token pricedAt expiresAt }
  }
}
"""

COMPARISON = """\
query Comparison($id: ID!, $candidates: [PlanChangeCandidateInput!]!) {
  planChangePreviews(subscriptionId: $id, candidates: $candidates) {
    kind
    direction
    decision { verdict effectiveAt reasons { code sentence } }
    delta { net { amount currencyCode } }
    nextInvoice { total { amount currencyCode } }
    quote { token }
  }
}
"""

APPLY = """\
mutation Apply($input: SubscriptionChangePlanInput!) {
  subscriptionChangePlan(input: $input) {
    planChange { id status effectiveAt expiresAt }
    invoice { number total { amount currencyCode } }
    payment { status }
    actionReference
    decision { verdict reasons { code sentence remedy { action sentence } } }
    userErrors { code message path figures { name value } remedy { action sentence target } }
  }
}
"""

RAMP = """\
query Ramp($change: PlanChangeInput!) {
  planChangePreview(input: $change) {
    decision { verdict reasons { step code sentence remedy { action sentence } } }
    phases {
      step
      effectiveAt
      interval
      quantities { component quantity }
      regularInvoice { total { amount currencyCode } }
    }
    quote { token expiresAt }
  }
}
"""

PAUSE = """\
mutation Pause($input: SubscriptionPauseInput!) {
  subscriptionPause(input: $input) {
    subscription { status pausedAt resumesAt }
    creditNotes { number total { amount currencyCode } }
    decision { verdict reasons { code sentence remedy { action sentence } } }
    userErrors { code message }
  }
}
"""

UNDER_WAY = """\
query UnderWay($id: ID!) {
  account(by: { id: $id }) {
    subscription {
      plan { name }
      cancelAt
      pendingChange {
        id
        status
        effectiveAt
        expiresAt
        toVersion { plan { name } }
        invoice { number amountDue { amount currencyCode } }
      }
      phases { step status effectiveAt quantities { component quantity } }
      openApproval { id status reason requestedAt expiresAt amount { amount currencyCode } }
    }
    terms { noticeDays pricesLockedUntil discountPercent spendCap { amount currencyCode } }
  }
}
"""

UNDO_CANCEL = """\
mutation UndoCancel($input: SubscriptionUndoCancelInput!) {
  subscriptionUndoCancel(input: $input) {
    subscription { status cancelAt }
    userErrors { code message }
  }
}
"""

ASK_APPROVAL = """\
mutation AskApproval($input: ApprovalRequestInput!) {
  approvalRequest(input: $input) {
    approval { id status expiresAt amount { amount currencyCode } }
    decision { verdict reasons { code sentence } }
    userErrors { code message remedy { action sentence target } }
  }
}
"""

WAITING = """\
query Waiting {
  approvals(first: 10, filter: { status: [REQUESTED] }) {
    nodes {
      id
      account { name segment }
      change { plan { name } interval quantities { component quantity } }
      reason
      waitedHours
      amount { amount currencyCode }
      decision { reasons { code sentence } }
    }
  }
}
"""

APPROVE = """\
mutation Approve($input: ApprovalApproveInput!) {
  approvalApprove(input: $input) {
    approval { id status answer answeredAt }
    planChange { id status effectiveAt }
    decision { verdict reasons { code sentence grantedBy } }
    userErrors { code message figures { name value } remedy { action sentence target } }
  }
}
"""

SET_TERMS = """\
mutation SetTerms($input: AccountTermsSetInput!) {
  accountTermsSet(input: $input) {
    terms { id noticeDays discountPercent reason createdAt }
    userErrors { code message path }
  }
}
"""

EDITIONS = """\
query Editions {
  policyEditions {
    version
    says
    isBase
    adds
    stages { segment stage sharePercent reason since }
  }
}
"""

DISAGREEMENTS = """\
query Disagreements($version: String!) {
  policyShadowCounts(version: $version) { evaluated differing byKind { kind count } }
  policyDisagreements(version: $version, first: 10) {
    nodes {
      account { name }
      createdAt
      liveVerdict
      candidateVerdict
      difference { kind onlyLive onlyCandidate }
    }
  }
}
"""

ROLL_OUT = """\
mutation RollOut($input: PolicyRolloutSetInput!) {
  policyRolloutSet(input: $input) {
    rollout { policyVersion segment stage sharePercent reason }
    userErrors { code message path }
  }
}
"""

_OF = "{subscription}"
_UP = {"subscriptionId": _OF, "planId": "{plan}"}
_TRIED = "2026-12.1"

CHANGE_SAMPLES = (
    Sample(
        "Every reason",
        "All that a change means: each rule that spoke with its figures and its way out, each part, the quote.",
        WHOLE_PREVIEW,
        {"change": _UP},
    ),
    Sample(
        "Compare changes",
        "Four candidates in one call: the next plan, the same by the year, a pause, an end.",
        COMPARISON,
        {
            "id": _OF,
            "candidates": [{"planId": "{plan}"}, {"interval": "YEAR"}, {"kind": "PAUSE"}, {"kind": "CANCEL"}],
        },
    ),
    Sample(
        "Apply a quote",
        "Keeps the last quote you saw: ask “Every reason” first. Codes to agree to go into `confirm`.",
        APPLY,
        {"input": {"quoteToken": "{quote}", "idempotencyKey": "{key}", "confirm": []}},
    ),
    Sample(
        "Preview an end",
        "When it would end, what is lost by then, what is told.",
        WHOLE_PREVIEW,
        {"change": {"subscriptionId": _OF, "kind": "CANCEL"}},
    ),
    Sample(
        "Take an end back",
        "For `cancelling`: the subscription runs on as if nothing had been asked.",
        UNDO_CANCEL,
        {"input": {"subscriptionId": _OF, "idempotencyKey": "{key}"}},
    ),
    Sample(
        "Pause",
        "The rest of the period is given back; nothing is charged until it is resumed.",
        PAUSE,
        {"input": {"subscriptionId": _OF, "idempotencyKey": "{key}", "reason": "Closed for the season"}},
    ),
    Sample(
        "Preview a ramp",
        "Two later steps decided and priced as one; who is no enterprise agrees on them with us first.",
        RAMP,
        {
            "change": {
                "subscriptionId": _OF,
                "phases": [
                    {"on": "2026-09-01", "quantities": [{"component": "seats", "quantity": 10}]},
                    {"on": "2026-12-01", "interval": "YEAR"},
                ],
            }
        },
    ),
    Sample(
        "Ask for approval",
        "For `enterprise`: paying by the year has to be approved. Where nobody need be asked, the answer says so.",
        ASK_APPROVAL,
        {
            "input": {
                "change": {"subscriptionId": _OF, "interval": "YEAR"},
                "reason": "Our budget is by the year",
                "idempotencyKey": "{key}",
            }
        },
    ),
    Sample(
        "What is under way",
        "An end, a change that waits, the steps of a ramp, a request for approval, terms agreed on.",
        UNDER_WAY,
        {"id": "{account}"},
    ),
    Sample("Waiting for approval", "The queue, the oldest first.", WAITING, audience="staff"),
    Sample(
        "Approve",
        "Grants the first request you saw, as finance: ask “Waiting for approval” first.",
        APPROVE,
        {"input": {"approvalId": "{approval}", "answer": "As agreed.", "idempotencyKey": "{key}"}},
        audience="staff",
    ),
    Sample(
        "Set terms",
        "As finance, for the persona chosen last: notice and a discount from now on.",
        SET_TERMS,
        {
            "input": {
                "accountId": "{account}",
                "reason": "Agreed by phone",
                "noticeDays": 30,
                "discountPercent": "10",
                "idempotencyKey": "{key}",
            }
        },
        audience="staff",
    ),
    Sample("Editions", "The editions of the policy, and how far each is rolled out.", EDITIONS, audience="staff"),
    Sample(
        "Disagreements",
        "Where the edition in the shadow would have answered otherwise, and how often.",
        DISAGREEMENTS,
        {"version": _TRIED},
        audience="staff",
    ),
    Sample(
        "Roll out",
        "As finance: the edition decides for one in ten of the small market from now on.",
        ROLL_OUT,
        {
            "input": {
                "version": _TRIED,
                "segment": "SMB",
                "stage": "SHARE",
                "sharePercent": 10,
                "reason": "Few would be asked",
                "idempotencyKey": "{key}",
            }
        },
        audience="staff",
    ),
)
