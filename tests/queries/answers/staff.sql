-- Account.pages: 3
SELECT 1::bigint AS n, accounts.id AS id, accounts.external_id AS external_id, accounts.name AS name, accounts.email AS email, accounts.address AS address, accounts.country AS country, accounts.region AS region, accounts.currency AS currency, accounts.segment AS segment, accounts.status AS status, accounts.net_days AS net_days, accounts.tax_id AS tax_id, accounts.tax_exemption AS tax_exemption, accounts.is_consolidated AS is_consolidated, accounts.consolidation_day AS consolidation_day, accounts.is_sandbox AS is_sandbox, accounts.created_at AS created_at, accounts.zone AS zone, coalesce(accounts.clock_at, $1::TIMESTAMP WITH TIME ZONE) AS "current_time", accounts.legal_entity_id AS legal_entity_id, accounts.parent_account_id AS parent_account_id
FROM accounts
WHERE true ORDER BY accounts.name ASC, accounts.id ASC
 LIMIT $2::BIGINT;

-- Account.count: 1
SELECT 1::bigint AS n, (SELECT count(*) AS count_1
FROM accounts
WHERE true) AS total;

-- BillingSubscription.one: 2
SELECT keys.n, own.id, own.status, own.interval, own.anchor_on, own.started_at, own.ended_at, own.version, own.plan_version_since, own.trial_end_at, own.cancel_at, own.paused_at, own.resumes_at, own.current_period_start, own.current_period_end, own.account_id, own.product_id, own.plan_id, own.plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT subscriptions.id AS id, subscriptions.status AS status, subscriptions.interval AS interval, subscriptions.anchor_on AS anchor_on, subscriptions.started_at AS started_at, subscriptions.ended_at AS ended_at, subscriptions.version AS version, subscriptions.plan_version_since AS plan_version_since, subscriptions.trial_end_at AS trial_end_at, subscriptions.cancel_at AS cancel_at, subscriptions.paused_at AS paused_at, subscriptions.resumes_at AS resumes_at, subscriptions.current_period_start AS current_period_start, subscriptions.current_period_end AS current_period_end, subscriptions.account_id AS account_id, subscriptions.product_id AS product_id, subscriptions.plan_id AS plan_id, subscriptions.plan_version_id AS plan_version_id
FROM subscriptions
WHERE subscriptions.account_id = keys.k0 AND subscriptions.ended_at IS NULL ORDER BY subscriptions.started_at ASC, subscriptions.id ASC
 LIMIT 1) AS own ON true ORDER BY keys.n, own.started_at ASC, own.id ASC;

-- Invoice.pages: 8
SELECT keys.n, own.id, own.number, own.reason, own.status, own.currency, own.issued_on, own.due_on, own.customer_name, own.customer_address, own.customer_tax_id, own.customer_country, own.drafted_at, own.finalise_at, own.finalised_at, own.paid_at, own.voided_at, own.written_off_at, own.period_start, own.period_end, own.subtotal_minor, own.discount_minor, own.tax_minor, own.total_minor, own.credited_minor, own.applied_minor, own.paid_minor, own.returned_minor, own.amount_due__minor, own.account_id, own.payer_account_id, own.legal_entity_id, own.subscription_id, own.replaces_invoice_id, own.consolidated_invoice_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM invoices
WHERE invoices.account_id = keys.k0 ORDER BY invoices.issued_on DESC, invoices.id DESC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.issued_on DESC, own.id DESC;

-- AccountDues.one: 2
SELECT keys.n, account_dues.currency AS currency, account_dues.zone AS zone, coalesce(account_dues.clock_at, $1::TIMESTAMP WITH TIME ZONE) AS now, account_dues.oldest_due_on AS oldest_due_on, account_dues.due_minor AS due_minor, account_dues.balance_minor AS balance_minor, account_dues.account_id AS account_id
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN (SELECT accounts.id AS account_id, accounts.currency AS currency, accounts.zone AS zone, accounts.clock_at AS clock_at, unpaid.oldest_due_on AS oldest_due_on, unpaid.due_minor AS due_minor, coalesce((SELECT credit_entries.balance_minor
FROM credit_entries
WHERE credit_entries.account_id = accounts.id ORDER BY credit_entries.sequence DESC
 LIMIT 1), 0) AS balance_minor
FROM accounts JOIN LATERAL (SELECT min(CASE WHEN (invoices.payer_account_id IS NULL) THEN invoices.due_on ELSE invoices.consolidated_due_on END) AS oldest_due_on, CAST(coalesce(sum((((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor), 0) AS BIGINT) AS due_minor
FROM invoices
WHERE invoices.account_id = accounts.id AND invoices.status = 'OPEN') AS unpaid ON true) AS account_dues ON account_dues.account_id = keys.k0 ORDER BY keys.n;

-- Plan.one: 1
SELECT keys.n, plans.id AS id, plans.code AS code, plans.name AS name, plans.description AS description, plans.rank AS rank, plans.segment AS segment, plans.withdrawn_at AS withdrawn_at, plans.product_id AS product_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plans ON plans.id = keys.k0 ORDER BY keys.n;

