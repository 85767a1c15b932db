-- Account.one: 1
SELECT keys.n, accounts.id AS id, accounts.external_id AS external_id, accounts.name AS name, accounts.email AS email, accounts.address AS address, accounts.country AS country, accounts.region AS region, accounts.currency AS currency, accounts.segment AS segment, accounts.status AS status, accounts.net_days AS net_days, accounts.tax_id AS tax_id, accounts.tax_exemption AS tax_exemption, accounts.is_consolidated AS is_consolidated, accounts.consolidation_day AS consolidation_day, accounts.is_sandbox AS is_sandbox, accounts.created_at AS created_at, accounts.zone AS zone, coalesce(accounts.clock_at, $1::TIMESTAMP WITH TIME ZONE) AS "current_time", accounts.legal_entity_id AS legal_entity_id, accounts.parent_account_id AS parent_account_id
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN accounts ON accounts.id = keys.k0 AND accounts.id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $3::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $3::UUID) ORDER BY keys.n;

-- BillingSubscription.one: 1
SELECT keys.n, own.id, own.status, own.interval, own.anchor_on, own.started_at, own.ended_at, own.version, own.plan_version_since, own.trial_end_at, own.cancel_at, own.paused_at, own.resumes_at, own.current_period_start, own.current_period_end, own.account_id, own.product_id, own.plan_id, own.plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT subscriptions.id AS id, subscriptions.status AS status, subscriptions.interval AS interval, subscriptions.anchor_on AS anchor_on, subscriptions.started_at AS started_at, subscriptions.ended_at AS ended_at, subscriptions.version AS version, subscriptions.plan_version_since AS plan_version_since, subscriptions.trial_end_at AS trial_end_at, subscriptions.cancel_at AS cancel_at, subscriptions.paused_at AS paused_at, subscriptions.resumes_at AS resumes_at, subscriptions.current_period_start AS current_period_start, subscriptions.current_period_end AS current_period_end, subscriptions.account_id AS account_id, subscriptions.product_id AS product_id, subscriptions.plan_id AS plan_id, subscriptions.plan_version_id AS plan_version_id
FROM subscriptions
WHERE subscriptions.account_id = keys.k0 AND subscriptions.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $2::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $2::UUID) AND subscriptions.ended_at IS NULL ORDER BY subscriptions.started_at ASC, subscriptions.id ASC
 LIMIT 1) AS own ON true ORDER BY keys.n, own.started_at ASC, own.id ASC;

-- Entitlement.many: 12
SELECT keys.n, own.id, own.feature_code, own.source, own.valid_from, own.valid_until, own.kind, own.is_enabled, own.limit_value, own.setting, own.account_id, own.feature_id, own.subscription_id, own.override_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT entitlements.id AS id, entitlements.feature_code AS feature_code, entitlements.source AS source, entitlements.valid_from AS valid_from, entitlements.valid_until AS valid_until, entitlements.kind AS kind, entitlements.is_enabled AS is_enabled, entitlements.limit_value AS limit_value, entitlements.setting AS setting, entitlements.account_id AS account_id, entitlements.feature_id AS feature_id, entitlements.subscription_id AS subscription_id, entitlements.override_id AS override_id
FROM entitlements
WHERE entitlements.account_id = keys.k0 AND entitlements.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $2::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $2::UUID) AND entitlements.valid_from <= coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = entitlements.account_id), $3::TIMESTAMP WITH TIME ZONE) AND (entitlements.valid_until IS NULL OR entitlements.valid_until > coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = entitlements.account_id), $3::TIMESTAMP WITH TIME ZONE)) ORDER BY entitlements.feature_code ASC, entitlements.id ASC) AS own ON true ORDER BY keys.n, own.feature_code ASC, own.id ASC;

-- Invoice.pages: 5
SELECT keys.n, own.id, own.number, own.reason, own.status, own.currency, own.issued_on, own.due_on, own.customer_name, own.customer_address, own.customer_tax_id, own.customer_country, own.drafted_at, own.finalise_at, own.finalised_at, own.paid_at, own.voided_at, own.written_off_at, own.period_start, own.period_end, own.subtotal_minor, own.discount_minor, own.tax_minor, own.total_minor, own.credited_minor, own.applied_minor, own.paid_minor, own.returned_minor, own.amount_due__minor, own.account_id, own.payer_account_id, own.legal_entity_id, own.subscription_id, own.replaces_invoice_id, own.consolidated_invoice_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM invoices
WHERE invoices.account_id = keys.k0 AND invoices.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $2::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $2::UUID) ORDER BY invoices.issued_on DESC, invoices.id DESC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.issued_on DESC, own.id DESC;

-- AccountDues.one: 1
SELECT keys.n, account_dues.currency AS currency, account_dues.zone AS zone, coalesce(account_dues.clock_at, $1::TIMESTAMP WITH TIME ZONE) AS now, account_dues.oldest_due_on AS oldest_due_on, account_dues.due_minor AS due_minor, account_dues.balance_minor AS balance_minor, account_dues.account_id AS account_id
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN (SELECT accounts.id AS account_id, accounts.currency AS currency, accounts.zone AS zone, accounts.clock_at AS clock_at, unpaid.oldest_due_on AS oldest_due_on, unpaid.due_minor AS due_minor, coalesce((SELECT credit_entries.balance_minor
FROM credit_entries
WHERE credit_entries.account_id = accounts.id ORDER BY credit_entries.sequence DESC
 LIMIT 1), 0) AS balance_minor
FROM accounts JOIN LATERAL (SELECT min(CASE WHEN (invoices.payer_account_id IS NULL) THEN invoices.due_on ELSE invoices.consolidated_due_on END) AS oldest_due_on, CAST(coalesce(sum((((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor), 0) AS BIGINT) AS due_minor
FROM invoices
WHERE invoices.account_id = accounts.id AND invoices.status = 'OPEN') AS unpaid ON true) AS account_dues ON account_dues.account_id = keys.k0 AND account_dues.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $3::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $3::UUID) ORDER BY keys.n;

-- Plan.one: 1
SELECT keys.n, plans.id AS id, plans.code AS code, plans.name AS name, plans.description AS description, plans.rank AS rank, plans.segment AS segment, plans.withdrawn_at AS withdrawn_at, plans.product_id AS product_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plans ON plans.id = keys.k0 ORDER BY keys.n;

-- PlanVersion.one: 1
SELECT keys.n, plan_versions.id AS id, plan_versions.number AS number, plan_versions.published_at AS published_at, plan_versions.is_current AS is_current, plan_versions.plan_id AS plan_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plan_versions ON plan_versions.id = keys.k0 ORDER BY keys.n;

-- SubscriptionItem.many: 2
SELECT keys.n, own.id, own.component, own.quantity, own.valid_from, own.valid_until, own.account_id, own.subscription_id, own.plan_version_id, own.price_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT subscription_items.id AS id, subscription_items.component AS component, subscription_items.quantity AS quantity, subscription_items.valid_from AS valid_from, subscription_items.valid_until AS valid_until, subscription_items.account_id AS account_id, subscription_items.subscription_id AS subscription_id, subscription_items.plan_version_id AS plan_version_id, subscription_items.price_id AS price_id
FROM subscription_items
WHERE subscription_items.account_id = keys.k0 AND subscription_items.subscription_id = keys.k1 AND subscription_items.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $3::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $3::UUID) AND subscription_items.valid_from <= coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = subscription_items.account_id), $4::TIMESTAMP WITH TIME ZONE) AND (subscription_items.valid_until IS NULL OR subscription_items.valid_until > coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = subscription_items.account_id), $4::TIMESTAMP WITH TIME ZONE)) ORDER BY subscription_items.component ASC, subscription_items.id ASC) AS own ON true ORDER BY keys.n, own.component ASC, own.id ASC;

-- PlanChange.one: 1
SELECT keys.n, plan_changes.id AS id, plan_changes.kind AS kind, plan_changes.from_interval AS from_interval, plan_changes.to_interval AS to_interval, plan_changes.direction AS direction, plan_changes.status AS status, plan_changes.step AS step, plan_changes.effective_at AS effective_at, plan_changes.created_at AS created_at, plan_changes.applied_at AS applied_at, plan_changes.expires_at AS expires_at, plan_changes.account_id AS account_id, plan_changes.subscription_id AS subscription_id, plan_changes.from_plan_version_id AS from_plan_version_id, plan_changes.to_plan_version_id AS to_plan_version_id, plan_changes.decision_id AS decision_id, plan_changes.invoice_id AS invoice_id, plan_changes.approval_id AS approval_id, plan_changes.ramp_id AS ramp_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN plan_changes ON plan_changes.account_id = keys.k0 AND plan_changes.subscription_id = keys.k1 AND plan_changes.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $3::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $3::UUID) AND plan_changes.status IN ('SCHEDULED', 'AWAITING_PAYMENT') ORDER BY keys.n;

-- UsageSummary.one: 6
SELECT keys.n, own.window_start, own.window_end, own.used, own.limit_value, own.remaining, own.over_by, own.account_id, own.feature_code, own.id, own.feature_id, own.meter_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT usage_summaries.window_start AS window_start, usage_summaries.window_end AS window_end, usage_summaries.used AS used, usage_summaries.limit_value AS limit_value, CAST(greatest(usage_summaries.limit_value - usage_summaries.used, 0) AS NUMERIC(26, 6)) AS remaining, CAST(greatest(-(usage_summaries.limit_value - usage_summaries.used), 0) AS NUMERIC(26, 6)) AS over_by, usage_summaries.account_id AS account_id, usage_summaries.feature_code AS feature_code, usage_summaries.id AS id, usage_summaries.feature_id AS feature_id, usage_summaries.meter_id AS meter_id
FROM (SELECT entitlements.account_id AS account_id, entitlements.id AS id, entitlements.feature_id AS feature_id, entitlements.feature_code AS feature_code, meters.id AS meter_id, entitlements.window_start AS window_start, entitlements.window_end AS window_end, entitlements.limit_value AS limit_value, entitlements.valid_from AS valid_from, entitlements.valid_until AS valid_until, CAST(coalesce(counted.figure, 0) AS NUMERIC(26, 6)) AS used
FROM entitlements JOIN meters ON meters.id = entitlements.meter_id JOIN LATERAL (SELECT CASE WHEN (meters.aggregation = 'COUNT') THEN sum(usage_counters.count) WHEN (meters.aggregation = 'SUM') THEN sum(usage_counters.sum) WHEN (meters.aggregation = 'MAX') THEN max(usage_counters.max) WHEN (meters.aggregation = 'UNIQUE') THEN (SELECT count(DISTINCT usage_texts.text_value) AS count_1
FROM usage_texts
WHERE usage_texts.account_id = entitlements.account_id AND usage_texts.meter_id = entitlements.meter_id AND (entitlements.window_start IS NULL OR usage_texts.day >= entitlements.window_start) AND (entitlements.window_end IS NULL OR usage_texts.day < entitlements.window_end)) ELSE (array_agg(usage_counters.latest ORDER BY usage_counters.latest_at DESC, usage_counters.latest_source DESC, usage_counters.latest_event_id DESC))[1] END AS figure
FROM usage_counters
WHERE usage_counters.account_id = entitlements.account_id AND usage_counters.meter_id = entitlements.meter_id AND (entitlements.window_start IS NULL OR usage_counters.day >= entitlements.window_start) AND (entitlements.window_end IS NULL OR usage_counters.day < entitlements.window_end)) AS counted ON true) AS usage_summaries
WHERE usage_summaries.account_id = keys.k0 AND usage_summaries.id = keys.k1 AND usage_summaries.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $3::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $3::UUID) AND usage_summaries.valid_from <= coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = usage_summaries.account_id), $4::TIMESTAMP WITH TIME ZONE) AND (usage_summaries.valid_until IS NULL OR usage_summaries.valid_until > coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = usage_summaries.account_id), $4::TIMESTAMP WITH TIME ZONE)) ORDER BY usage_summaries.id ASC
 LIMIT 1) AS own ON true ORDER BY keys.n, own.id ASC;

-- InvoiceLine.many: 10
SELECT keys.n, own.id, own.position, own.kind, own.description, own.quantity, own.tax_inclusive, own.unit_minor, own.currency, own.amount_minor, own.tax_minor, own.service_start, own.service_end, own.rule, own.sentence, own.basis_minor, own.part_s, own.whole_s, own.split_minor, own.account_id, own.invoice_id, own.subscription_id, own.item_id, own.plan_version_id, own.price_id, own.discount_id, own.discounted_line_id, own.tax_rate_id, own.credited_line_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT invoice_lines.id AS id, invoice_lines.position AS position, invoice_lines.kind AS kind, invoice_lines.description AS description, invoice_lines.quantity AS quantity, invoice_lines.tax_inclusive AS tax_inclusive, invoice_lines.unit_minor AS unit_minor, invoice_lines.currency AS currency, invoice_lines.amount_minor AS amount_minor, invoice_lines.tax_minor AS tax_minor, invoice_lines.service_start AS service_start, invoice_lines.service_end AS service_end, invoice_lines.rule AS rule, invoice_lines.sentence AS sentence, invoice_lines.basis_minor AS basis_minor, invoice_lines.part_s AS part_s, invoice_lines.whole_s AS whole_s, invoice_lines.split_minor AS split_minor, invoice_lines.account_id AS account_id, invoice_lines.invoice_id AS invoice_id, invoice_lines.subscription_id AS subscription_id, invoice_lines.item_id AS item_id, invoice_lines.plan_version_id AS plan_version_id, invoice_lines.price_id AS price_id, invoice_lines.discount_id AS discount_id, invoice_lines.discounted_line_id AS discounted_line_id, invoice_lines.tax_rate_id AS tax_rate_id, invoice_lines.credited_line_id AS credited_line_id
FROM invoice_lines
WHERE invoice_lines.account_id = keys.k0 AND invoice_lines.invoice_id = keys.k1 AND invoice_lines.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $3::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $3::UUID) ORDER BY invoice_lines.position ASC) AS own ON true ORDER BY keys.n, own.position ASC;

-- Price.one: 2
SELECT keys.n, prices.id AS id, prices.component AS component, prices.currency AS currency, prices.interval AS interval, prices.model AS model, prices.tax_inclusive AS tax_inclusive, prices.package_size AS package_size, prices.percent AS percent, prices.minimum_minor AS minimum_minor, prices.maximum_minor AS maximum_minor, prices.plan_version_id AS plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN prices ON prices.id = keys.k0 ORDER BY keys.n;

-- PriceTier.many: 2
SELECT keys.n, own.up_to, own.unit_minor, own.currency, own.flat_minor, own.position
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT price_tiers.up_to AS up_to, price_tiers.unit_minor AS unit_minor, price_tiers.currency AS currency, price_tiers.flat_minor AS flat_minor, price_tiers.position AS position
FROM price_tiers
WHERE price_tiers.price_id = keys.k0 ORDER BY price_tiers.position ASC) AS own ON true ORDER BY keys.n, own.position ASC;

