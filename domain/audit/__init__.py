"""The audit: every finalised invoice derived again from the facts, independently of the engine that wrote it.

    books (books.py: documents.py beside facts.py)  →  audit (audit.py)  →  disagreements (disagreement.py)

A file a question. It may use the house's primitives (what a quantity costs at a price, the one rounding, splits, tax
and discount arithmetic, the calendar) and none of the engine that puts them together: domain.invoicing,
domain.plan_change, domain.crediting, domain.credit_ledger and domain.settlement may be wrong, and that is the question.
"""
