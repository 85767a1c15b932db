"""From a subscription's facts to documents: drafts of lines, their discounts and tax, an invoice or credit notes.

One pipeline for renewals, sign-ups, changes, resumes, one-off charges, re-issues, previews and the audit:

    drafts (regular, arrears, prorating, bounds, charges, …)  →  bill (assemble: discounts, tax)  →  documents

A file a source of lines; `assemble.py` knows none of them. Does not own prices' arithmetic (pricing/), numbers (db),
nor whether a change is allowed (plan_change/).
"""
