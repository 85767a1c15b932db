-- Account.one: 1
SELECT keys.n, accounts.id AS id, accounts.external_id AS external_id, accounts.name AS name, accounts.email AS email, accounts.address AS address, accounts.country AS country, accounts.region AS region, accounts.currency AS currency, accounts.segment AS segment, accounts.status AS status, accounts.net_days AS net_days, accounts.tax_id AS tax_id, accounts.tax_exemption AS tax_exemption, accounts.is_consolidated AS is_consolidated, accounts.consolidation_day AS consolidation_day, accounts.is_sandbox AS is_sandbox, accounts.created_at AS created_at, accounts.zone AS zone, coalesce(accounts.clock_at, $1::TIMESTAMP WITH TIME ZONE) AS "current_time", accounts.legal_entity_id AS legal_entity_id, accounts.parent_account_id AS parent_account_id
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN accounts ON accounts.id = keys.k0 ORDER BY keys.n;

-- Coupon.pages: 1
SELECT 1::bigint AS n, coupons.id AS id, coupons.code AS code, coupons.name AS name, coupons.percent AS percent, coupons.currency AS currency, coupons.periods AS periods, coupons.component AS component, coupons.redeem_by AS redeem_by, coupons.max_redemptions AS max_redemptions, coupons.redemptions AS redemptions, coupons.created_at AS created_at, coupons.amount_minor AS amount_minor, coupons.cap_minor AS cap_minor, coupons.product_id AS product_id
FROM coupons
WHERE strpos(lower(coupons.code), lower($1::VARCHAR)) > 0 OR strpos(lower(coupons.name), lower($1::VARCHAR)) > 0 ORDER BY coupons.code ASC
 LIMIT $2::BIGINT;

-- TaxRate.pages: 1
SELECT 1::bigint AS n, tax_rates.id AS id, tax_rates.country AS country, tax_rates.region AS region, tax_rates.name AS name, tax_rates.percent AS percent, tax_rates.valid_from AS valid_from, tax_rates.valid_until AS valid_until
FROM tax_rates
WHERE tax_rates.country = $1::VARCHAR ORDER BY tax_rates.country ASC, tax_rates.valid_from ASC, tax_rates.id ASC
 LIMIT $2::BIGINT;

-- LegalEntity.one: 1
SELECT keys.n, legal_entities.id AS id, legal_entities.code AS code, legal_entities.name AS name, legal_entities.country AS country, legal_entities.address AS address, legal_entities.tax_id AS tax_id, legal_entities.grace_hours AS grace_hours
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN legal_entities ON legal_entities.id = keys.k0 ORDER BY keys.n;

-- Account.pages: 0
SELECT keys.n, own.id, own.external_id, own.name, own.email, own.address, own.country, own.region, own.currency, own.segment, own.status, own.net_days, own.tax_id, own.tax_exemption, own.is_consolidated, own.consolidation_day, own.is_sandbox, own.created_at, own.zone, own."current_time", own.legal_entity_id, own.parent_account_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT accounts.id AS id, accounts.external_id AS external_id, accounts.name AS name, accounts.email AS email, accounts.address AS address, accounts.country AS country, accounts.region AS region, accounts.currency AS currency, accounts.segment AS segment, accounts.status AS status, accounts.net_days AS net_days, accounts.tax_id AS tax_id, accounts.tax_exemption AS tax_exemption, accounts.is_consolidated AS is_consolidated, accounts.consolidation_day AS consolidation_day, accounts.is_sandbox AS is_sandbox, accounts.created_at AS created_at, accounts.zone AS zone, coalesce(accounts.clock_at, $2::TIMESTAMP WITH TIME ZONE) AS "current_time", accounts.legal_entity_id AS legal_entity_id, accounts.parent_account_id AS parent_account_id
FROM accounts
WHERE accounts.parent_account_id = keys.k0 ORDER BY accounts.id ASC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.id ASC;

-- BillingSubscription.one: 1
SELECT keys.n, own.id, own.status, own.interval, own.anchor_on, own.started_at, own.ended_at, own.version, own.plan_version_since, own.trial_end_at, own.cancel_at, own.paused_at, own.resumes_at, own.current_period_start, own.current_period_end, own.account_id, own.product_id, own.plan_id, own.plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT subscriptions.id AS id, subscriptions.status AS status, subscriptions.interval AS interval, subscriptions.anchor_on AS anchor_on, subscriptions.started_at AS started_at, subscriptions.ended_at AS ended_at, subscriptions.version AS version, subscriptions.plan_version_since AS plan_version_since, subscriptions.trial_end_at AS trial_end_at, subscriptions.cancel_at AS cancel_at, subscriptions.paused_at AS paused_at, subscriptions.resumes_at AS resumes_at, subscriptions.current_period_start AS current_period_start, subscriptions.current_period_end AS current_period_end, subscriptions.account_id AS account_id, subscriptions.product_id AS product_id, subscriptions.plan_id AS plan_id, subscriptions.plan_version_id AS plan_version_id
FROM subscriptions
WHERE subscriptions.account_id = keys.k0 AND subscriptions.ended_at IS NULL ORDER BY subscriptions.started_at ASC, subscriptions.id ASC
 LIMIT 1) AS own ON true ORDER BY keys.n, own.started_at ASC, own.id ASC;

-- Invoice.one: 1
SELECT keys.n, invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM unnest($1::UUID[], $2::TEXT[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN invoices ON invoices.account_id = keys.k0 AND invoices.number = keys.k1 ORDER BY keys.n;

-- ConsolidatedInvoice.pages: 1
SELECT keys.n, own.id, own.number, own.currency, own.customer_name, own.customer_address, own.customer_tax_id, own.issued_on, own.due_on, own.finalised_at, own.paid_at, own.total_minor, own.account_id, own.legal_entity_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT consolidated_invoices.id AS id, consolidated_invoices.number AS number, consolidated_invoices.currency AS currency, consolidated_invoices.customer_name AS customer_name, consolidated_invoices.customer_address AS customer_address, consolidated_invoices.customer_tax_id AS customer_tax_id, consolidated_invoices.issued_on AS issued_on, consolidated_invoices.due_on AS due_on, consolidated_invoices.finalised_at AS finalised_at, consolidated_invoices.paid_at AS paid_at, consolidated_invoices.total_minor AS total_minor, consolidated_invoices.account_id AS account_id, consolidated_invoices.legal_entity_id AS legal_entity_id
FROM consolidated_invoices
WHERE consolidated_invoices.account_id = keys.k0 ORDER BY consolidated_invoices.issued_on DESC, consolidated_invoices.id DESC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.issued_on DESC, own.id DESC;

-- OneOffCharge.pages: 1
SELECT keys.n, own.id, own.kind, own.description, own.created_at, own.amount_minor, own.currency, own.account_id, own.subscription_id, own.line_id, own.invoice_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT charges.id AS id, charges.kind AS kind, charges.description AS description, charges.created_at AS created_at, charges.amount_minor AS amount_minor, charges.currency AS currency, charges.account_id AS account_id, charges.subscription_id AS subscription_id, charges.line_id AS line_id, charges.invoice_id AS invoice_id
FROM charges
WHERE charges.account_id = keys.k0 AND charges.invoice_id IS NULL ORDER BY charges.id ASC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.id ASC;

-- CreditNote.pages: 1
SELECT keys.n, own.id, own.number, own.reason, own.memo, own.currency, own.customer_name, own.issued_on, own.created_at, own.subtotal_minor, own.tax_minor, own.total_minor, own.to_invoice_minor, own.to_balance_minor, own.to_refund_minor, own.account_id, own.legal_entity_id, own.invoice_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT credit_notes.id AS id, credit_notes.number AS number, credit_notes.reason AS reason, credit_notes.memo AS memo, credit_notes.currency AS currency, credit_notes.customer_name AS customer_name, credit_notes.issued_on AS issued_on, credit_notes.created_at AS created_at, credit_notes.subtotal_minor AS subtotal_minor, credit_notes.tax_minor AS tax_minor, credit_notes.total_minor AS total_minor, credit_notes.to_invoice_minor AS to_invoice_minor, credit_notes.to_balance_minor AS to_balance_minor, credit_notes.to_refund_minor AS to_refund_minor, credit_notes.account_id AS account_id, credit_notes.legal_entity_id AS legal_entity_id, credit_notes.invoice_id AS invoice_id
FROM credit_notes
WHERE credit_notes.account_id = keys.k0 AND credit_notes.reason = ANY ($2::TEXT[]) ORDER BY credit_notes.issued_on DESC, credit_notes.id DESC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.issued_on DESC, own.id DESC;

-- CreditEntry.pages: 2
SELECT keys.n, own.id, own.sequence, own.kind, own.memo, own.occurred_at, own.amount_minor, own.currency, own.balance_minor, own.account_id, own.grant_id, own.credit_note_id, own.invoice_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT credit_entries.id AS id, credit_entries.sequence AS sequence, credit_entries.kind AS kind, credit_entries.memo AS memo, credit_entries.occurred_at AS occurred_at, credit_entries.amount_minor AS amount_minor, credit_entries.currency AS currency, credit_entries.balance_minor AS balance_minor, credit_entries.account_id AS account_id, credit_entries.grant_id AS grant_id, credit_entries.credit_note_id AS credit_note_id, credit_entries.invoice_id AS invoice_id
FROM credit_entries
WHERE credit_entries.account_id = keys.k0 AND credit_entries.kind = ANY ($2::TEXT[]) ORDER BY credit_entries.sequence DESC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.sequence DESC;

-- PaymentMethod.pages: 1
SELECT keys.n, own.id, own.brand, own.last4, own.expires_on, own.is_default, own.status, own.created_at, own.account_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT payment_methods.id AS id, payment_methods.brand AS brand, payment_methods.last4 AS last4, payment_methods.expires_on AS expires_on, payment_methods.is_default AS is_default, payment_methods.status AS status, payment_methods.created_at AS created_at, payment_methods.account_id AS account_id
FROM payment_methods
WHERE payment_methods.account_id = keys.k0 AND payment_methods.status = ANY ($2::TEXT[]) ORDER BY payment_methods.created_at DESC, payment_methods.id DESC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.created_at DESC, own.id DESC;

-- Payment.pages: 1
SELECT keys.n, own.id, own.kind, own.status, own.reference, own.failure_code, own.created_at, own.settled_at, own.amount_minor, own.currency, own.refunded_minor, own.account_id, own.invoice_id, own.consolidated_invoice_id, own.payment_method_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT payments.id AS id, payments.kind AS kind, payments.status AS status, payments.reference AS reference, payments.failure_code AS failure_code, payments.created_at AS created_at, payments.settled_at AS settled_at, payments.amount_minor AS amount_minor, payments.currency AS currency, payments.refunded_minor AS refunded_minor, payments.account_id AS account_id, payments.invoice_id AS invoice_id, payments.consolidated_invoice_id AS consolidated_invoice_id, payments.payment_method_id AS payment_method_id
FROM payments
WHERE payments.account_id = keys.k0 AND payments.status = ANY ($2::TEXT[]) ORDER BY payments.created_at DESC, payments.id DESC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.created_at DESC, own.id DESC;

-- AccountDues.one: 1
SELECT keys.n, account_dues.currency AS currency, account_dues.zone AS zone, coalesce(account_dues.clock_at, $1::TIMESTAMP WITH TIME ZONE) AS now, account_dues.oldest_due_on AS oldest_due_on, account_dues.due_minor AS due_minor, account_dues.balance_minor AS balance_minor, account_dues.account_id AS account_id
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN (SELECT accounts.id AS account_id, accounts.currency AS currency, accounts.zone AS zone, accounts.clock_at AS clock_at, unpaid.oldest_due_on AS oldest_due_on, unpaid.due_minor AS due_minor, coalesce((SELECT credit_entries.balance_minor
FROM credit_entries
WHERE credit_entries.account_id = accounts.id ORDER BY credit_entries.sequence DESC
 LIMIT 1), 0) AS balance_minor
FROM accounts JOIN LATERAL (SELECT min(CASE WHEN (invoices.payer_account_id IS NULL) THEN invoices.due_on ELSE invoices.consolidated_due_on END) AS oldest_due_on, CAST(coalesce(sum((((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor), 0) AS BIGINT) AS due_minor
FROM invoices
WHERE invoices.account_id = accounts.id AND invoices.status = 'OPEN') AS unpaid ON true) AS account_dues ON account_dues.account_id = keys.k0 ORDER BY keys.n;

-- NextPlanVersion.one: 1
SELECT keys.n, subscription_migrations.effective_at AS effective_at, subscription_migrations.announced_at AS announced_at, subscription_migrations.account_id AS account_id, subscription_migrations.to_plan_version_id AS to_plan_version_id, subscription_migrations.migration_id AS migration_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN subscription_migrations ON subscription_migrations.account_id = keys.k0 AND subscription_migrations.subscription_id = keys.k1 AND subscription_migrations.status = 'SCHEDULED' ORDER BY keys.n;

-- Discount.many: 1
SELECT keys.n, own.id, own.code, own.label, own.percent, own.periods, own.component, own.redeemed_at, own.ended_at, own.amount_minor, own.currency, own.cap_minor, own.periods_covered, own.periods_left, own.account_id, own.subscription_id, own.coupon_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT discount_summaries.id AS id, discount_summaries.code AS code, discount_summaries.label AS label, discount_summaries.percent AS percent, discount_summaries.periods AS periods, discount_summaries.component AS component, discount_summaries.redeemed_at AS redeemed_at, discount_summaries.ended_at AS ended_at, discount_summaries.amount_minor AS amount_minor, discount_summaries.currency AS currency, discount_summaries.cap_minor AS cap_minor, discount_summaries.periods_covered AS periods_covered, CAST(CASE WHEN (discount_summaries.periods IS NULL) THEN NULL ELSE CASE WHEN (discount_summaries.periods IS NOT NULL AND discount_summaries.ended_at IS NOT NULL) THEN 0 ELSE greatest(discount_summaries.periods - discount_summaries.periods_covered, 0) END END AS INTEGER) AS periods_left, discount_summaries.account_id AS account_id, discount_summaries.subscription_id AS subscription_id, discount_summaries.coupon_id AS coupon_id
FROM (SELECT discounts.account_id AS account_id, discounts.id AS id, discounts.subscription_id AS subscription_id, discounts.coupon_id AS coupon_id, discounts.terms_id AS terms_id, discounts.code AS code, discounts.label AS label, discounts.percent AS percent, discounts.amount_minor AS amount_minor, discounts.cap_minor AS cap_minor, discounts.currency AS currency, discounts.periods AS periods, discounts.component AS component, discounts.redeemed_at AS redeemed_at, discounts.ended_at AS ended_at, covered.periods AS periods_covered
FROM discounts JOIN LATERAL (SELECT CAST(count(*) AS INTEGER) AS periods
FROM discount_periods
WHERE discount_periods.account_id = discounts.account_id AND discount_periods.discount_id = discounts.id) AS covered ON true) AS discount_summaries
WHERE discount_summaries.account_id = keys.k0 AND discount_summaries.subscription_id = keys.k1 ORDER BY discount_summaries.redeemed_at ASC, discount_summaries.id ASC) AS own ON true ORDER BY keys.n, own.redeemed_at ASC, own.id ASC;

-- PlanVersion.one: 1
SELECT keys.n, plan_versions.id AS id, plan_versions.number AS number, plan_versions.published_at AS published_at, plan_versions.is_current AS is_current, plan_versions.plan_id AS plan_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plan_versions ON plan_versions.id = keys.k0 ORDER BY keys.n;

-- ConsolidatedInvoice.one: 1
SELECT keys.n, consolidated_invoices.id AS id, consolidated_invoices.number AS number, consolidated_invoices.currency AS currency, consolidated_invoices.customer_name AS customer_name, consolidated_invoices.customer_address AS customer_address, consolidated_invoices.customer_tax_id AS customer_tax_id, consolidated_invoices.issued_on AS issued_on, consolidated_invoices.due_on AS due_on, consolidated_invoices.finalised_at AS finalised_at, consolidated_invoices.paid_at AS paid_at, consolidated_invoices.total_minor AS total_minor, consolidated_invoices.account_id AS account_id, consolidated_invoices.legal_entity_id AS legal_entity_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN consolidated_invoices ON consolidated_invoices.id = keys.k0 ORDER BY keys.n;

-- Invoice.one: 0
SELECT keys.n, invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN invoices ON invoices.account_id = keys.k0 AND invoices.replaces_invoice_id = keys.k1 ORDER BY keys.n;

-- InvoiceTax.many: 1
SELECT keys.n, own.treatment, own.label, own.percent, own.is_inclusive, own.sentence, own.base_minor, own.currency, own.tax_minor, own.account_id, own.position, own.tax_rate_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT invoice_taxes.treatment AS treatment, invoice_taxes.label AS label, invoice_taxes.percent AS percent, invoice_taxes.is_inclusive AS is_inclusive, invoice_taxes.sentence AS sentence, invoice_taxes.base_minor AS base_minor, invoice_taxes.currency AS currency, invoice_taxes.tax_minor AS tax_minor, invoice_taxes.account_id AS account_id, invoice_taxes.position AS position, invoice_taxes.tax_rate_id AS tax_rate_id
FROM invoice_taxes
WHERE invoice_taxes.account_id = keys.k0 AND invoice_taxes.invoice_id = keys.k1 ORDER BY invoice_taxes.position ASC) AS own ON true ORDER BY keys.n, own.position ASC;

-- InvoiceLine.many: 2
SELECT keys.n, own.id, own.position, own.kind, own.description, own.quantity, own.tax_inclusive, own.unit_minor, own.currency, own.amount_minor, own.tax_minor, own.service_start, own.service_end, own.rule, own.sentence, own.basis_minor, own.part_s, own.whole_s, own.split_minor, own.account_id, own.invoice_id, own.subscription_id, own.item_id, own.plan_version_id, own.price_id, own.discount_id, own.discounted_line_id, own.tax_rate_id, own.credited_line_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT invoice_lines.id AS id, invoice_lines.position AS position, invoice_lines.kind AS kind, invoice_lines.description AS description, invoice_lines.quantity AS quantity, invoice_lines.tax_inclusive AS tax_inclusive, invoice_lines.unit_minor AS unit_minor, invoice_lines.currency AS currency, invoice_lines.amount_minor AS amount_minor, invoice_lines.tax_minor AS tax_minor, invoice_lines.service_start AS service_start, invoice_lines.service_end AS service_end, invoice_lines.rule AS rule, invoice_lines.sentence AS sentence, invoice_lines.basis_minor AS basis_minor, invoice_lines.part_s AS part_s, invoice_lines.whole_s AS whole_s, invoice_lines.split_minor AS split_minor, invoice_lines.account_id AS account_id, invoice_lines.invoice_id AS invoice_id, invoice_lines.subscription_id AS subscription_id, invoice_lines.item_id AS item_id, invoice_lines.plan_version_id AS plan_version_id, invoice_lines.price_id AS price_id, invoice_lines.discount_id AS discount_id, invoice_lines.discounted_line_id AS discounted_line_id, invoice_lines.tax_rate_id AS tax_rate_id, invoice_lines.credited_line_id AS credited_line_id
FROM invoice_lines
WHERE invoice_lines.account_id = keys.k0 AND invoice_lines.invoice_id = keys.k1 ORDER BY invoice_lines.position ASC) AS own ON true ORDER BY keys.n, own.position ASC;

-- CreditNote.many: 1
SELECT keys.n, own.id, own.number, own.reason, own.memo, own.currency, own.customer_name, own.issued_on, own.created_at, own.subtotal_minor, own.tax_minor, own.total_minor, own.to_invoice_minor, own.to_balance_minor, own.to_refund_minor, own.account_id, own.legal_entity_id, own.invoice_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT credit_notes.id AS id, credit_notes.number AS number, credit_notes.reason AS reason, credit_notes.memo AS memo, credit_notes.currency AS currency, credit_notes.customer_name AS customer_name, credit_notes.issued_on AS issued_on, credit_notes.created_at AS created_at, credit_notes.subtotal_minor AS subtotal_minor, credit_notes.tax_minor AS tax_minor, credit_notes.total_minor AS total_minor, credit_notes.to_invoice_minor AS to_invoice_minor, credit_notes.to_balance_minor AS to_balance_minor, credit_notes.to_refund_minor AS to_refund_minor, credit_notes.account_id AS account_id, credit_notes.legal_entity_id AS legal_entity_id, credit_notes.invoice_id AS invoice_id
FROM credit_notes
WHERE credit_notes.account_id = keys.k0 AND credit_notes.invoice_id = keys.k1 ORDER BY credit_notes.created_at ASC, credit_notes.id ASC) AS own ON true ORDER BY keys.n, own.created_at ASC, own.id ASC;

-- Payment.many: 1
SELECT keys.n, own.id, own.kind, own.status, own.reference, own.failure_code, own.created_at, own.settled_at, own.amount_minor, own.currency, own.refunded_minor, own.account_id, own.invoice_id, own.consolidated_invoice_id, own.payment_method_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT payments.id AS id, payments.kind AS kind, payments.status AS status, payments.reference AS reference, payments.failure_code AS failure_code, payments.created_at AS created_at, payments.settled_at AS settled_at, payments.amount_minor AS amount_minor, payments.currency AS currency, payments.refunded_minor AS refunded_minor, payments.account_id AS account_id, payments.invoice_id AS invoice_id, payments.consolidated_invoice_id AS consolidated_invoice_id, payments.payment_method_id AS payment_method_id
FROM payments
WHERE payments.account_id = keys.k0 AND payments.invoice_id = keys.k1 ORDER BY payments.created_at ASC, payments.id ASC) AS own ON true ORDER BY keys.n, own.created_at ASC, own.id ASC;

-- DunningStep.many: 1
SELECT keys.n, own.day, own.occurred_at, own.account_id, own.id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT dunning_steps.day AS day, dunning_steps.occurred_at AS occurred_at, dunning_steps.account_id AS account_id, dunning_steps.id AS id
FROM dunning_steps
WHERE dunning_steps.account_id = keys.k0 AND dunning_steps.invoice_id = keys.k1 ORDER BY dunning_steps.day ASC) AS own ON true ORDER BY keys.n, own.day ASC;

-- DunningStep.many: 0
SELECT keys.n, own.day, own.occurred_at, own.account_id, own.id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT dunning_steps.day AS day, dunning_steps.occurred_at AS occurred_at, dunning_steps.account_id AS account_id, dunning_steps.id AS id
FROM dunning_steps
WHERE dunning_steps.account_id = keys.k0 AND dunning_steps.consolidated_invoice_id = keys.k1 ORDER BY dunning_steps.day ASC) AS own ON true ORDER BY keys.n, own.day ASC;

-- Invoice.pages: 1
SELECT keys.n, own.id, own.number, own.reason, own.status, own.currency, own.issued_on, own.due_on, own.customer_name, own.customer_address, own.customer_tax_id, own.customer_country, own.drafted_at, own.finalise_at, own.finalised_at, own.paid_at, own.voided_at, own.written_off_at, own.period_start, own.period_end, own.subtotal_minor, own.discount_minor, own.tax_minor, own.total_minor, own.credited_minor, own.applied_minor, own.paid_minor, own.returned_minor, own.amount_due__minor, own.account_id, own.payer_account_id, own.legal_entity_id, own.subscription_id, own.replaces_invoice_id, own.consolidated_invoice_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM invoices
WHERE invoices.consolidated_invoice_id = keys.k0 ORDER BY invoices.id ASC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.id ASC;

-- Payment.many: 0
SELECT keys.n, own.id, own.kind, own.status, own.reference, own.failure_code, own.created_at, own.settled_at, own.amount_minor, own.currency, own.refunded_minor, own.account_id, own.invoice_id, own.consolidated_invoice_id, own.payment_method_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT payments.id AS id, payments.kind AS kind, payments.status AS status, payments.reference AS reference, payments.failure_code AS failure_code, payments.created_at AS created_at, payments.settled_at AS settled_at, payments.amount_minor AS amount_minor, payments.currency AS currency, payments.refunded_minor AS refunded_minor, payments.account_id AS account_id, payments.invoice_id AS invoice_id, payments.consolidated_invoice_id AS consolidated_invoice_id, payments.payment_method_id AS payment_method_id
FROM payments
WHERE payments.account_id = keys.k0 AND payments.consolidated_invoice_id = keys.k1 ORDER BY payments.created_at ASC, payments.id ASC) AS own ON true ORDER BY keys.n, own.created_at ASC, own.id ASC;

-- BillingSubscription.one: 1
SELECT keys.n, subscriptions.id AS id, subscriptions.status AS status, subscriptions.interval AS interval, subscriptions.anchor_on AS anchor_on, subscriptions.started_at AS started_at, subscriptions.ended_at AS ended_at, subscriptions.version AS version, subscriptions.plan_version_since AS plan_version_since, subscriptions.trial_end_at AS trial_end_at, subscriptions.cancel_at AS cancel_at, subscriptions.paused_at AS paused_at, subscriptions.resumes_at AS resumes_at, subscriptions.current_period_start AS current_period_start, subscriptions.current_period_end AS current_period_end, subscriptions.account_id AS account_id, subscriptions.product_id AS product_id, subscriptions.plan_id AS plan_id, subscriptions.plan_version_id AS plan_version_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN subscriptions ON subscriptions.account_id = keys.k0 AND subscriptions.id = keys.k1 ORDER BY keys.n;

-- InvoiceLine.one: 1
SELECT keys.n, invoice_lines.id AS id, invoice_lines.position AS position, invoice_lines.kind AS kind, invoice_lines.description AS description, invoice_lines.quantity AS quantity, invoice_lines.tax_inclusive AS tax_inclusive, invoice_lines.unit_minor AS unit_minor, invoice_lines.currency AS currency, invoice_lines.amount_minor AS amount_minor, invoice_lines.tax_minor AS tax_minor, invoice_lines.service_start AS service_start, invoice_lines.service_end AS service_end, invoice_lines.rule AS rule, invoice_lines.sentence AS sentence, invoice_lines.basis_minor AS basis_minor, invoice_lines.part_s AS part_s, invoice_lines.whole_s AS whole_s, invoice_lines.split_minor AS split_minor, invoice_lines.account_id AS account_id, invoice_lines.invoice_id AS invoice_id, invoice_lines.subscription_id AS subscription_id, invoice_lines.item_id AS item_id, invoice_lines.plan_version_id AS plan_version_id, invoice_lines.price_id AS price_id, invoice_lines.discount_id AS discount_id, invoice_lines.discounted_line_id AS discounted_line_id, invoice_lines.tax_rate_id AS tax_rate_id, invoice_lines.credited_line_id AS credited_line_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN invoice_lines ON invoice_lines.account_id = keys.k0 AND invoice_lines.id = keys.k1 ORDER BY keys.n;

-- CreditNote.count: 1
SELECT keys.n, (SELECT count(*) AS count_1
FROM credit_notes
WHERE credit_notes.account_id = keys.k0 AND credit_notes.reason = ANY ($1::TEXT[])) AS total
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) ORDER BY keys.n;

-- CreditEntry.one: 1
SELECT keys.n, credit_entries.id AS id, credit_entries.sequence AS sequence, credit_entries.kind AS kind, credit_entries.memo AS memo, credit_entries.occurred_at AS occurred_at, credit_entries.amount_minor AS amount_minor, credit_entries.currency AS currency, credit_entries.balance_minor AS balance_minor, credit_entries.account_id AS account_id, credit_entries.grant_id AS grant_id, credit_entries.credit_note_id AS credit_note_id, credit_entries.invoice_id AS invoice_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN credit_entries ON credit_entries.account_id = keys.k0 AND credit_entries.id = keys.k1 ORDER BY keys.n;

-- Invoice.one: 1
SELECT keys.n, invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN invoices ON invoices.account_id = keys.k0 AND invoices.id = keys.k1 ORDER BY keys.n;

-- CreditNote.one: 1
SELECT keys.n, credit_notes.id AS id, credit_notes.number AS number, credit_notes.reason AS reason, credit_notes.memo AS memo, credit_notes.currency AS currency, credit_notes.customer_name AS customer_name, credit_notes.issued_on AS issued_on, credit_notes.created_at AS created_at, credit_notes.subtotal_minor AS subtotal_minor, credit_notes.tax_minor AS tax_minor, credit_notes.total_minor AS total_minor, credit_notes.to_invoice_minor AS to_invoice_minor, credit_notes.to_balance_minor AS to_balance_minor, credit_notes.to_refund_minor AS to_refund_minor, credit_notes.account_id AS account_id, credit_notes.legal_entity_id AS legal_entity_id, credit_notes.invoice_id AS invoice_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN credit_notes ON credit_notes.account_id = keys.k0 AND credit_notes.id = keys.k1 ORDER BY keys.n;

-- PlanVersion.one: 1
SELECT keys.n, plan_versions.id AS id, plan_versions.number AS number, plan_versions.published_at AS published_at, plan_versions.is_current AS is_current, plan_versions.plan_id AS plan_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plan_versions ON plan_versions.id = keys.k0 ORDER BY keys.n;

-- PlanVersionMigration.one: 1
SELECT keys.n, plan_version_migrations.id AS id, plan_version_migrations.segment AS segment, plan_version_migrations.notice_days AS notice_days, plan_version_migrations.reason AS reason, plan_version_migrations.created_at AS created_at, plan_version_migrations.plan_id AS plan_id, plan_version_migrations.to_plan_version_id AS to_plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plan_version_migrations ON plan_version_migrations.id = keys.k0 ORDER BY keys.n;

-- Coupon.one: 1
SELECT keys.n, coupons.id AS id, coupons.code AS code, coupons.name AS name, coupons.percent AS percent, coupons.currency AS currency, coupons.periods AS periods, coupons.component AS component, coupons.redeem_by AS redeem_by, coupons.max_redemptions AS max_redemptions, coupons.redemptions AS redemptions, coupons.created_at AS created_at, coupons.amount_minor AS amount_minor, coupons.cap_minor AS cap_minor, coupons.product_id AS product_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN coupons ON coupons.id = keys.k0 ORDER BY keys.n;

-- PlanComponent.many: 2
SELECT keys.n, own.code, own.name, own.minimum, own.maximum, own.timing, own.position, own.meter_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT plan_components.code AS code, plan_components.name AS name, plan_components.minimum AS minimum, plan_components.maximum AS maximum, plan_components.timing AS timing, plan_components.position AS position, plan_components.meter_id AS meter_id
FROM plan_components
WHERE plan_components.plan_version_id = keys.k0 ORDER BY plan_components.position ASC, plan_components.code ASC) AS own ON true ORDER BY keys.n, own.position ASC, own.code ASC;

-- PlanBound.many: 1
SELECT keys.n, own.currency, own.interval, own.minimum_minor, own.maximum_minor
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT plan_bounds.currency AS currency, plan_bounds.interval AS interval, plan_bounds.minimum_minor AS minimum_minor, plan_bounds.maximum_minor AS maximum_minor
FROM plan_bounds
WHERE plan_bounds.plan_version_id = keys.k0 ORDER BY plan_bounds.currency ASC, plan_bounds.interval ASC) AS own ON true ORDER BY keys.n, own.currency ASC, own.interval ASC;

-- Price.many: 1
SELECT keys.n, own.id, own.component, own.currency, own.interval, own.model, own.tax_inclusive, own.package_size, own.percent, own.minimum_minor, own.maximum_minor, own.plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT prices.id AS id, prices.component AS component, prices.currency AS currency, prices.interval AS interval, prices.model AS model, prices.tax_inclusive AS tax_inclusive, prices.package_size AS package_size, prices.percent AS percent, prices.minimum_minor AS minimum_minor, prices.maximum_minor AS maximum_minor, prices.plan_version_id AS plan_version_id
FROM prices
WHERE prices.plan_version_id = keys.k0 AND prices.currency = $2::VARCHAR ORDER BY prices.component ASC, prices.currency ASC, prices.interval ASC) AS own ON true ORDER BY keys.n, own.component ASC, own.currency ASC, own.interval ASC;

-- TaxRate.one: 1
SELECT keys.n, tax_rates.id AS id, tax_rates.country AS country, tax_rates.region AS region, tax_rates.name AS name, tax_rates.percent AS percent, tax_rates.valid_from AS valid_from, tax_rates.valid_until AS valid_until
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN tax_rates ON tax_rates.id = keys.k0 ORDER BY keys.n;

-- LineTerms.one: 2
SELECT keys.n, invoice_lines.terms AS terms, invoice_lines.currency AS currency, invoice_lines.account_id AS account_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN invoice_lines ON invoice_lines.id = keys.k0 ORDER BY keys.n;

-- CreditNoteLine.many: 1
SELECT keys.n, own.id, own.position, own.description, own.tax_inclusive, own.amount_minor, own.currency, own.tax_minor, own.service_start, own.service_end, own.rule, own.sentence, own.basis_minor, own.part_s, own.whole_s, own.split_minor, own.account_id, own.credit_note_id, own.invoice_line_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT credit_note_lines.id AS id, credit_note_lines.position AS position, credit_note_lines.description AS description, credit_note_lines.tax_inclusive AS tax_inclusive, credit_note_lines.amount_minor AS amount_minor, credit_note_lines.currency AS currency, credit_note_lines.tax_minor AS tax_minor, credit_note_lines.service_start AS service_start, credit_note_lines.service_end AS service_end, credit_note_lines.rule AS rule, credit_note_lines.sentence AS sentence, credit_note_lines.basis_minor AS basis_minor, credit_note_lines.part_s AS part_s, credit_note_lines.whole_s AS whole_s, credit_note_lines.split_minor AS split_minor, credit_note_lines.account_id AS account_id, credit_note_lines.credit_note_id AS credit_note_id, credit_note_lines.invoice_line_id AS invoice_line_id
FROM credit_note_lines
WHERE credit_note_lines.account_id = keys.k0 AND credit_note_lines.credit_note_id = keys.k1 ORDER BY credit_note_lines.position ASC) AS own ON true ORDER BY keys.n, own.position ASC;

-- PaymentMethod.one: 1
SELECT keys.n, payment_methods.id AS id, payment_methods.brand AS brand, payment_methods.last4 AS last4, payment_methods.expires_on AS expires_on, payment_methods.is_default AS is_default, payment_methods.status AS status, payment_methods.created_at AS created_at, payment_methods.account_id AS account_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN payment_methods ON payment_methods.account_id = keys.k0 AND payment_methods.id = keys.k1 ORDER BY keys.n;

-- PaymentAttempt.many: 1
SELECT keys.n, own.id, own.number, own.status, own.code, own.sent_at, own.answered_at, own.reference, own.account_id, own.payment_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT payment_attempts.id AS id, payment_attempts.number AS number, payment_attempts.status AS status, payment_attempts.code AS code, payment_attempts.sent_at AS sent_at, payment_attempts.answered_at AS answered_at, payment_attempts.reference AS reference, payment_attempts.account_id AS account_id, payment_attempts.payment_id AS payment_id
FROM payment_attempts
WHERE payment_attempts.account_id = keys.k0 AND payment_attempts.payment_id = keys.k1 ORDER BY payment_attempts.number ASC) AS own ON true ORDER BY keys.n, own.number ASC;

-- Refund.many: 1
SELECT keys.n, own.id, own.status, own.reason, own.failure_code, own.created_at, own.settled_at, own.amount_minor, own.currency, own.account_id, own.payment_id, own.credit_note_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT refunds.id AS id, refunds.status AS status, refunds.reason AS reason, refunds.failure_code AS failure_code, refunds.created_at AS created_at, refunds.settled_at AS settled_at, refunds.amount_minor AS amount_minor, refunds.currency AS currency, refunds.account_id AS account_id, refunds.payment_id AS payment_id, refunds.credit_note_id AS credit_note_id
FROM refunds
WHERE refunds.account_id = keys.k0 AND refunds.payment_id = keys.k1 ORDER BY refunds.created_at ASC, refunds.id ASC) AS own ON true ORDER BY keys.n, own.created_at ASC, own.id ASC;

-- DunningActions.one: 1
SELECT keys.n, dunning_steps.actions AS actions, dunning_steps.account_id AS account_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN dunning_steps ON dunning_steps.id = keys.k0 ORDER BY keys.n;

-- Plan.one: 1
SELECT keys.n, plans.id AS id, plans.code AS code, plans.name AS name, plans.description AS description, plans.rank AS rank, plans.segment AS segment, plans.withdrawn_at AS withdrawn_at, plans.product_id AS product_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plans ON plans.id = keys.k0 ORDER BY keys.n;

-- Payment.one: 1
SELECT keys.n, payments.id AS id, payments.kind AS kind, payments.status AS status, payments.reference AS reference, payments.failure_code AS failure_code, payments.created_at AS created_at, payments.settled_at AS settled_at, payments.amount_minor AS amount_minor, payments.currency AS currency, payments.refunded_minor AS refunded_minor, payments.account_id AS account_id, payments.invoice_id AS invoice_id, payments.consolidated_invoice_id AS consolidated_invoice_id, payments.payment_method_id AS payment_method_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN payments ON payments.account_id = keys.k0 AND payments.id = keys.k1 ORDER BY keys.n;

