"""Documents and what stands beside them: drafts, charges, voids, credit notes, credit, discounts."""
