-- Account.one: 1
SELECT keys.n, accounts.id AS id, accounts.external_id AS external_id, accounts.name AS name, accounts.email AS email, accounts.address AS address, accounts.country AS country, accounts.region AS region, accounts.currency AS currency, accounts.segment AS segment, accounts.status AS status, accounts.net_days AS net_days, accounts.tax_id AS tax_id, accounts.tax_exemption AS tax_exemption, accounts.is_consolidated AS is_consolidated, accounts.consolidation_day AS consolidation_day, accounts.is_sandbox AS is_sandbox, accounts.created_at AS created_at, accounts.zone AS zone, coalesce(accounts.clock_at, $1::TIMESTAMP WITH TIME ZONE) AS "current_time", accounts.legal_entity_id AS legal_entity_id, accounts.parent_account_id AS parent_account_id
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN accounts ON accounts.id = keys.k0 ORDER BY keys.n;

-- LegalEntity.one: 1
SELECT keys.n, legal_entities.id AS id, legal_entities.code AS code, legal_entities.name AS name, legal_entities.country AS country, legal_entities.address AS address, legal_entities.tax_id AS tax_id, legal_entities.grace_hours AS grace_hours
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN legal_entities ON legal_entities.id = keys.k0 ORDER BY keys.n;

-- Membership.pages: 1
SELECT keys.n, own.id, own.role, own.created_at, own.account_id, own.user_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT memberships.id AS id, memberships.role AS role, memberships.created_at AS created_at, memberships.account_id AS account_id, memberships.user_id AS user_id
FROM memberships
WHERE memberships.account_id = keys.k0 ORDER BY memberships.user_id ASC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.user_id ASC;

-- BillingSubscription.pages: 1
SELECT keys.n, own.id, own.status, own.interval, own.anchor_on, own.started_at, own.ended_at, own.version, own.plan_version_since, own.trial_end_at, own.cancel_at, own.paused_at, own.resumes_at, own.current_period_start, own.current_period_end, own.account_id, own.product_id, own.plan_id, own.plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT subscriptions.id AS id, subscriptions.status AS status, subscriptions.interval AS interval, subscriptions.anchor_on AS anchor_on, subscriptions.started_at AS started_at, subscriptions.ended_at AS ended_at, subscriptions.version AS version, subscriptions.plan_version_since AS plan_version_since, subscriptions.trial_end_at AS trial_end_at, subscriptions.cancel_at AS cancel_at, subscriptions.paused_at AS paused_at, subscriptions.resumes_at AS resumes_at, subscriptions.current_period_start AS current_period_start, subscriptions.current_period_end AS current_period_end, subscriptions.account_id AS account_id, subscriptions.product_id AS product_id, subscriptions.plan_id AS plan_id, subscriptions.plan_version_id AS plan_version_id
FROM subscriptions
WHERE subscriptions.account_id = keys.k0 AND subscriptions.status = ANY ($2::TEXT[]) ORDER BY subscriptions.started_at DESC, subscriptions.id DESC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.started_at DESC, own.id DESC;

-- Entitlement.one: 1
SELECT keys.n, own.id, own.feature_code, own.source, own.valid_from, own.valid_until, own.kind, own.is_enabled, own.limit_value, own.setting, own.account_id, own.feature_id, own.subscription_id, own.override_id
FROM unnest($1::UUID[], $2::TEXT[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT entitlements.id AS id, entitlements.feature_code AS feature_code, entitlements.source AS source, entitlements.valid_from AS valid_from, entitlements.valid_until AS valid_until, entitlements.kind AS kind, entitlements.is_enabled AS is_enabled, entitlements.limit_value AS limit_value, entitlements.setting AS setting, entitlements.account_id AS account_id, entitlements.feature_id AS feature_id, entitlements.subscription_id AS subscription_id, entitlements.override_id AS override_id
FROM entitlements
WHERE entitlements.account_id = keys.k0 AND entitlements.feature_code = keys.k1 AND entitlements.valid_from <= coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = entitlements.account_id), $3::TIMESTAMP WITH TIME ZONE) AND (entitlements.valid_until IS NULL OR entitlements.valid_until > coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = entitlements.account_id), $3::TIMESTAMP WITH TIME ZONE)) ORDER BY entitlements.id ASC
 LIMIT 1) AS own ON true ORDER BY keys.n, own.id ASC;

-- Entitlement.many: 2
SELECT keys.n, own.id, own.feature_code, own.source, own.valid_from, own.valid_until, own.kind, own.is_enabled, own.limit_value, own.setting, own.account_id, own.feature_id, own.subscription_id, own.override_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT entitlements.id AS id, entitlements.feature_code AS feature_code, entitlements.source AS source, entitlements.valid_from AS valid_from, entitlements.valid_until AS valid_until, entitlements.kind AS kind, entitlements.is_enabled AS is_enabled, entitlements.limit_value AS limit_value, entitlements.setting AS setting, entitlements.account_id AS account_id, entitlements.feature_id AS feature_id, entitlements.subscription_id AS subscription_id, entitlements.override_id AS override_id
FROM entitlements
WHERE entitlements.account_id = keys.k0 AND entitlements.valid_from <= coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = entitlements.account_id), $2::TIMESTAMP WITH TIME ZONE) AND (entitlements.valid_until IS NULL OR entitlements.valid_until > coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = entitlements.account_id), $2::TIMESTAMP WITH TIME ZONE)) AND entitlements.feature_code = ANY ($3::TEXT[]) ORDER BY entitlements.feature_code ASC, entitlements.id ASC) AS own ON true ORDER BY keys.n, own.feature_code ASC, own.id ASC;

-- EntitlementOverride.pages: 1
SELECT keys.n, own.id, own.priority, own.reason, own.starts_at, own.ends_at, own.created_at, own.kind, own.is_enabled, own.limit_value, own.setting, own.account_id, own.feature_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT entitlement_overrides.id AS id, entitlement_overrides.priority AS priority, entitlement_overrides.reason AS reason, entitlement_overrides.starts_at AS starts_at, entitlement_overrides.ends_at AS ends_at, entitlement_overrides.created_at AS created_at, entitlement_overrides.kind AS kind, entitlement_overrides.is_enabled AS is_enabled, entitlement_overrides.limit_value AS limit_value, entitlement_overrides.setting AS setting, entitlement_overrides.account_id AS account_id, entitlement_overrides.feature_id AS feature_id
FROM entitlement_overrides
WHERE entitlement_overrides.account_id = keys.k0 ORDER BY entitlement_overrides.created_at DESC, entitlement_overrides.id DESC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.created_at DESC, own.id DESC;

-- UsageSummary.many: 6
SELECT keys.n, own.window_start, own.window_end, own.used, own.limit_value, own.remaining, own.over_by, own.account_id, own.feature_code, own.id, own.feature_id, own.meter_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT usage_summaries.window_start AS window_start, usage_summaries.window_end AS window_end, usage_summaries.used AS used, usage_summaries.limit_value AS limit_value, CAST(greatest(usage_summaries.limit_value - usage_summaries.used, 0) AS NUMERIC(26, 6)) AS remaining, CAST(greatest(-(usage_summaries.limit_value - usage_summaries.used), 0) AS NUMERIC(26, 6)) AS over_by, usage_summaries.account_id AS account_id, usage_summaries.feature_code AS feature_code, usage_summaries.id AS id, usage_summaries.feature_id AS feature_id, usage_summaries.meter_id AS meter_id
FROM (SELECT entitlements.account_id AS account_id, entitlements.id AS id, entitlements.feature_id AS feature_id, entitlements.feature_code AS feature_code, meters.id AS meter_id, entitlements.window_start AS window_start, entitlements.window_end AS window_end, entitlements.limit_value AS limit_value, entitlements.valid_from AS valid_from, entitlements.valid_until AS valid_until, CAST(coalesce(counted.figure, 0) AS NUMERIC(26, 6)) AS used
FROM entitlements JOIN meters ON meters.id = entitlements.meter_id JOIN LATERAL (SELECT CASE WHEN (meters.aggregation = 'COUNT') THEN sum(usage_counters.count) WHEN (meters.aggregation = 'SUM') THEN sum(usage_counters.sum) WHEN (meters.aggregation = 'MAX') THEN max(usage_counters.max) WHEN (meters.aggregation = 'UNIQUE') THEN (SELECT count(DISTINCT usage_texts.text_value) AS count_1
FROM usage_texts
WHERE usage_texts.account_id = entitlements.account_id AND usage_texts.meter_id = entitlements.meter_id AND (entitlements.window_start IS NULL OR usage_texts.day >= entitlements.window_start) AND (entitlements.window_end IS NULL OR usage_texts.day < entitlements.window_end)) ELSE (array_agg(usage_counters.latest ORDER BY usage_counters.latest_at DESC, usage_counters.latest_source DESC, usage_counters.latest_event_id DESC))[1] END AS figure
FROM usage_counters
WHERE usage_counters.account_id = entitlements.account_id AND usage_counters.meter_id = entitlements.meter_id AND (entitlements.window_start IS NULL OR usage_counters.day >= entitlements.window_start) AND (entitlements.window_end IS NULL OR usage_counters.day < entitlements.window_end)) AS counted ON true) AS usage_summaries
WHERE usage_summaries.account_id = keys.k0 AND usage_summaries.valid_from <= coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = usage_summaries.account_id), $2::TIMESTAMP WITH TIME ZONE) AND (usage_summaries.valid_until IS NULL OR usage_summaries.valid_until > coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = usage_summaries.account_id), $2::TIMESTAMP WITH TIME ZONE)) ORDER BY usage_summaries.feature_code ASC) AS own ON true ORDER BY keys.n, own.feature_code ASC;

-- UsageDay.pages: 3
SELECT keys.n, own.day, own.count, own.sum, own.max, own.latest, own.latest_at, own.account_id, own.meter_id
FROM unnest($1::UUID[], $2::TEXT[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT usage_counters.day AS day, usage_counters.count AS count, usage_counters.sum AS sum, usage_counters.max AS max, usage_counters.latest AS latest, usage_counters.latest_at AS latest_at, usage_counters.account_id AS account_id, usage_counters.meter_id AS meter_id
FROM usage_counters
WHERE usage_counters.account_id = keys.k0 AND usage_counters.meter_id = (SELECT meters.id
FROM meters, unnest($1::UUID[], $2::TEXT[]) WITH ORDINALITY AS keys(k0, k1, n)
WHERE meters.code = keys.k1) AND usage_counters.day >= $3::DATE ORDER BY usage_counters.day DESC
 LIMIT $4::BIGINT) AS own ON true ORDER BY keys.n, own.day DESC;

-- Invoice.one: 1
SELECT keys.n, invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM unnest($1::UUID[], $2::TEXT[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN invoices ON invoices.account_id = keys.k0 AND invoices.number = keys.k1 ORDER BY keys.n;

-- Invoice.pages: 3
SELECT keys.n, own.id, own.number, own.reason, own.status, own.currency, own.issued_on, own.due_on, own.customer_name, own.customer_address, own.customer_tax_id, own.customer_country, own.drafted_at, own.finalise_at, own.finalised_at, own.paid_at, own.voided_at, own.written_off_at, own.period_start, own.period_end, own.subtotal_minor, own.discount_minor, own.tax_minor, own.total_minor, own.credited_minor, own.applied_minor, own.paid_minor, own.returned_minor, own.amount_due__minor, own.account_id, own.payer_account_id, own.legal_entity_id, own.subscription_id, own.replaces_invoice_id, own.consolidated_invoice_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM invoices
WHERE invoices.account_id = keys.k0 AND invoices.issued_on <= $2::DATE AND invoices.status = ANY ($3::TEXT[]) ORDER BY invoices.issued_on DESC, invoices.id DESC
 LIMIT $4::BIGINT) AS own ON true ORDER BY keys.n, own.issued_on DESC, own.id DESC;

-- PlanChange.pages: 1
SELECT keys.n, own.id, own.kind, own.from_interval, own.to_interval, own.direction, own.status, own.step, own.effective_at, own.created_at, own.applied_at, own.expires_at, own.account_id, own.subscription_id, own.from_plan_version_id, own.to_plan_version_id, own.decision_id, own.invoice_id, own.approval_id, own.ramp_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT plan_changes.id AS id, plan_changes.kind AS kind, plan_changes.from_interval AS from_interval, plan_changes.to_interval AS to_interval, plan_changes.direction AS direction, plan_changes.status AS status, plan_changes.step AS step, plan_changes.effective_at AS effective_at, plan_changes.created_at AS created_at, plan_changes.applied_at AS applied_at, plan_changes.expires_at AS expires_at, plan_changes.account_id AS account_id, plan_changes.subscription_id AS subscription_id, plan_changes.from_plan_version_id AS from_plan_version_id, plan_changes.to_plan_version_id AS to_plan_version_id, plan_changes.decision_id AS decision_id, plan_changes.invoice_id AS invoice_id, plan_changes.approval_id AS approval_id, plan_changes.ramp_id AS ramp_id
FROM plan_changes
WHERE plan_changes.account_id = keys.k0 AND plan_changes.status = ANY ($2::TEXT[]) ORDER BY plan_changes.created_at DESC, plan_changes.id DESC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.created_at DESC, own.id DESC;

-- BillingEvent.pages: 2
SELECT keys.n, own.id, own.sequence, own.aggregate_sequence, own.type, own.data, own.occurred_at, own.recorded_at, own.aggregate_type, own.aggregate_id, own.account_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT outbox_events.id AS id, outbox_events.sequence AS sequence, outbox_events.aggregate_sequence AS aggregate_sequence, outbox_events.type AS type, outbox_events.data AS data, outbox_events.occurred_at AS occurred_at, outbox_events.recorded_at AS recorded_at, outbox_events.aggregate_type AS aggregate_type, outbox_events.aggregate_id AS aggregate_id, outbox_events.account_id AS account_id
FROM outbox_events
WHERE outbox_events.account_id = keys.k0 ORDER BY outbox_events.sequence DESC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.sequence DESC;

-- AuditEntry.pages: 1
SELECT keys.n, own.id, own.actor_kind, own.staff_role, own.action, own.reason, own.before, own.after, own.occurred_at, own.recorded_at, own.subject_type, own.subject_id, own.account_id, own.actor_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT audit_entries.id AS id, audit_entries.actor_kind AS actor_kind, audit_entries.staff_role AS staff_role, audit_entries.action AS action, audit_entries.reason AS reason, audit_entries.before AS before, audit_entries.after AS after, audit_entries.occurred_at AS occurred_at, audit_entries.recorded_at AS recorded_at, audit_entries.subject_type AS subject_type, audit_entries.subject_id AS subject_id, audit_entries.account_id AS account_id, audit_entries.actor_id AS actor_id
FROM audit_entries
WHERE audit_entries.account_id = keys.k0 ORDER BY audit_entries.recorded_at DESC, audit_entries.id DESC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.recorded_at DESC, own.id DESC;

-- Membership.count: 1
SELECT keys.n, (SELECT count(*) AS count_1
FROM memberships
WHERE memberships.account_id = keys.k0) AS total
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) ORDER BY keys.n;

-- User.one: 1
SELECT keys.n, users.id AS id, users.name AS name, users.email AS email, users.created_at AS created_at
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN users ON users.id = keys.k0 ORDER BY keys.n;

-- Product.one: 1
SELECT keys.n, products.id AS id, products.code AS code, products.name AS name, products.description AS description, products.position AS position
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN products ON products.id = keys.k0 ORDER BY keys.n;

-- SubscriptionItem.pages: 3
SELECT keys.n, own.id, own.component, own.quantity, own.valid_from, own.valid_until, own.account_id, own.subscription_id, own.plan_version_id, own.price_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT subscription_items.id AS id, subscription_items.component AS component, subscription_items.quantity AS quantity, subscription_items.valid_from AS valid_from, subscription_items.valid_until AS valid_until, subscription_items.account_id AS account_id, subscription_items.subscription_id AS subscription_id, subscription_items.plan_version_id AS plan_version_id, subscription_items.price_id AS price_id
FROM subscription_items
WHERE subscription_items.account_id = keys.k0 AND subscription_items.subscription_id = keys.k1 AND (subscription_items.valid_until IS NULL OR subscription_items.valid_until > subscription_items.valid_from) ORDER BY subscription_items.component ASC, subscription_items.id ASC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.component ASC, own.id ASC;

-- CommitmentTerm.one: 1
SELECT keys.n, own.start_at, own.end_at, own.months, own.notice_days, own.account_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT commitment_terms.start_at AS start_at, commitment_terms.end_at AS end_at, commitment_terms.months AS months, commitment_terms.notice_days AS notice_days, commitment_terms.account_id AS account_id
FROM commitment_terms
WHERE commitment_terms.account_id = keys.k0 AND commitment_terms.subscription_id = keys.k1 AND commitment_terms.start_at <= coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = commitment_terms.account_id), $3::TIMESTAMP WITH TIME ZONE) AND (commitment_terms.end_at IS NULL OR commitment_terms.end_at > coalesce((SELECT clock.clock_at
FROM accounts AS clock
WHERE clock.id = commitment_terms.account_id), $3::TIMESTAMP WITH TIME ZONE)) ORDER BY commitment_terms.start_at ASC
 LIMIT 1) AS own ON true ORDER BY keys.n, own.start_at ASC;

-- PlanChange.pages: 2
SELECT keys.n, own.id, own.kind, own.from_interval, own.to_interval, own.direction, own.status, own.step, own.effective_at, own.created_at, own.applied_at, own.expires_at, own.account_id, own.subscription_id, own.from_plan_version_id, own.to_plan_version_id, own.decision_id, own.invoice_id, own.approval_id, own.ramp_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT plan_changes.id AS id, plan_changes.kind AS kind, plan_changes.from_interval AS from_interval, plan_changes.to_interval AS to_interval, plan_changes.direction AS direction, plan_changes.status AS status, plan_changes.step AS step, plan_changes.effective_at AS effective_at, plan_changes.created_at AS created_at, plan_changes.applied_at AS applied_at, plan_changes.expires_at AS expires_at, plan_changes.account_id AS account_id, plan_changes.subscription_id AS subscription_id, plan_changes.from_plan_version_id AS from_plan_version_id, plan_changes.to_plan_version_id AS to_plan_version_id, plan_changes.decision_id AS decision_id, plan_changes.invoice_id AS invoice_id, plan_changes.approval_id AS approval_id, plan_changes.ramp_id AS ramp_id
FROM plan_changes
WHERE plan_changes.account_id = keys.k0 AND plan_changes.subscription_id = keys.k1 ORDER BY plan_changes.created_at ASC, plan_changes.id ASC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.created_at ASC, own.id ASC;

-- Feature.one: 1
SELECT keys.n, features.id AS id, features.code AS code, features.name AS name, features.description AS description, features.kind AS kind, features.meter_id AS meter_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN features ON features.id = keys.k0 ORDER BY keys.n;

-- BillingSubscription.one: 1
SELECT keys.n, subscriptions.id AS id, subscriptions.status AS status, subscriptions.interval AS interval, subscriptions.anchor_on AS anchor_on, subscriptions.started_at AS started_at, subscriptions.ended_at AS ended_at, subscriptions.version AS version, subscriptions.plan_version_since AS plan_version_since, subscriptions.trial_end_at AS trial_end_at, subscriptions.cancel_at AS cancel_at, subscriptions.paused_at AS paused_at, subscriptions.resumes_at AS resumes_at, subscriptions.current_period_start AS current_period_start, subscriptions.current_period_end AS current_period_end, subscriptions.account_id AS account_id, subscriptions.product_id AS product_id, subscriptions.plan_id AS plan_id, subscriptions.plan_version_id AS plan_version_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN subscriptions ON subscriptions.account_id = keys.k0 AND subscriptions.id = keys.k1 ORDER BY keys.n;

-- EntitlementOverride.one: 1
SELECT keys.n, entitlement_overrides.id AS id, entitlement_overrides.priority AS priority, entitlement_overrides.reason AS reason, entitlement_overrides.starts_at AS starts_at, entitlement_overrides.ends_at AS ends_at, entitlement_overrides.created_at AS created_at, entitlement_overrides.kind AS kind, entitlement_overrides.is_enabled AS is_enabled, entitlement_overrides.limit_value AS limit_value, entitlement_overrides.setting AS setting, entitlement_overrides.account_id AS account_id, entitlement_overrides.feature_id AS feature_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN entitlement_overrides ON entitlement_overrides.account_id = keys.k0 AND entitlement_overrides.id = keys.k1 ORDER BY keys.n;

-- Meter.one: 2
SELECT keys.n, meters.id AS id, meters.code AS code, meters.name AS name, meters.unit AS unit, meters.aggregation AS aggregation
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN meters ON meters.id = keys.k0 ORDER BY keys.n;

-- Feature.one: 5
SELECT keys.n, features.id AS id, features.code AS code, features.name AS name, features.description AS description, features.kind AS kind, features.meter_id AS meter_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN features ON features.id = keys.k0 ORDER BY keys.n;

-- UsageDay.count: 1
SELECT keys.n, (SELECT count(*) AS count_1
FROM usage_counters
WHERE usage_counters.account_id = keys.k0 AND usage_counters.meter_id = (SELECT meters.id
FROM meters, unnest($1::UUID[], $2::TEXT[]) WITH ORDINALITY AS keys(k0, k1, n)
WHERE meters.code = keys.k1) AND usage_counters.day >= $3::DATE) AS total
FROM unnest($1::UUID[], $2::TEXT[]) WITH ORDINALITY AS keys(k0, k1, n) ORDER BY keys.n;

-- InvoiceLine.many: 2
SELECT keys.n, own.id, own.position, own.kind, own.description, own.quantity, own.tax_inclusive, own.unit_minor, own.currency, own.amount_minor, own.tax_minor, own.service_start, own.service_end, own.rule, own.sentence, own.basis_minor, own.part_s, own.whole_s, own.split_minor, own.account_id, own.invoice_id, own.subscription_id, own.item_id, own.plan_version_id, own.price_id, own.discount_id, own.discounted_line_id, own.tax_rate_id, own.credited_line_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN LATERAL (SELECT invoice_lines.id AS id, invoice_lines.position AS position, invoice_lines.kind AS kind, invoice_lines.description AS description, invoice_lines.quantity AS quantity, invoice_lines.tax_inclusive AS tax_inclusive, invoice_lines.unit_minor AS unit_minor, invoice_lines.currency AS currency, invoice_lines.amount_minor AS amount_minor, invoice_lines.tax_minor AS tax_minor, invoice_lines.service_start AS service_start, invoice_lines.service_end AS service_end, invoice_lines.rule AS rule, invoice_lines.sentence AS sentence, invoice_lines.basis_minor AS basis_minor, invoice_lines.part_s AS part_s, invoice_lines.whole_s AS whole_s, invoice_lines.split_minor AS split_minor, invoice_lines.account_id AS account_id, invoice_lines.invoice_id AS invoice_id, invoice_lines.subscription_id AS subscription_id, invoice_lines.item_id AS item_id, invoice_lines.plan_version_id AS plan_version_id, invoice_lines.price_id AS price_id, invoice_lines.discount_id AS discount_id, invoice_lines.discounted_line_id AS discounted_line_id, invoice_lines.tax_rate_id AS tax_rate_id, invoice_lines.credited_line_id AS credited_line_id
FROM invoice_lines
WHERE invoice_lines.account_id = keys.k0 AND invoice_lines.invoice_id = keys.k1 ORDER BY invoice_lines.position ASC) AS own ON true ORDER BY keys.n, own.position ASC;

-- PlanVersion.one: 1
SELECT keys.n, plan_versions.id AS id, plan_versions.number AS number, plan_versions.published_at AS published_at, plan_versions.is_current AS is_current, plan_versions.plan_id AS plan_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plan_versions ON plan_versions.id = keys.k0 ORDER BY keys.n;

-- PolicyDecision.one: 1
SELECT keys.n, policy_decisions.id AS id, policy_decisions.verdict AS verdict, policy_decisions.effective_at AS effective_at, policy_decisions.policy_version AS policy_version, policy_decisions.created_at AS created_at, policy_decisions.account_id AS account_id, policy_decisions.subscription_id AS subscription_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN policy_decisions ON policy_decisions.account_id = keys.k0 AND policy_decisions.id = keys.k1 ORDER BY keys.n;

-- PlanChangeRequest.one: 1
SELECT keys.n, plan_changes.request AS request, plan_changes.account_id AS account_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plan_changes ON plan_changes.id = keys.k0 ORDER BY keys.n;

-- Invoice.one: 1
SELECT keys.n, invoices.id AS id, invoices.number AS number, invoices.reason AS reason, invoices.status AS status, invoices.currency AS currency, invoices.issued_on AS issued_on, invoices.due_on AS due_on, invoices.customer_name AS customer_name, invoices.customer_address AS customer_address, invoices.customer_tax_id AS customer_tax_id, invoices.customer_country AS customer_country, invoices.drafted_at AS drafted_at, invoices.finalise_at AS finalise_at, invoices.finalised_at AS finalised_at, invoices.paid_at AS paid_at, invoices.voided_at AS voided_at, invoices.written_off_at AS written_off_at, invoices.period_start AS period_start, invoices.period_end AS period_end, invoices.subtotal_minor AS subtotal_minor, invoices.discount_minor AS discount_minor, invoices.tax_minor AS tax_minor, invoices.total_minor AS total_minor, invoices.credited_minor AS credited_minor, invoices.applied_minor AS applied_minor, invoices.paid_minor AS paid_minor, invoices.returned_minor AS returned_minor, CASE WHEN (invoices.status = 'VOID') THEN 0 ELSE (((invoices.total_minor - invoices.credited_minor) - invoices.applied_minor) - invoices.paid_minor) + invoices.returned_minor END AS amount_due__minor, invoices.account_id AS account_id, invoices.payer_account_id AS payer_account_id, invoices.legal_entity_id AS legal_entity_id, invoices.subscription_id AS subscription_id, invoices.replaces_invoice_id AS replaces_invoice_id, invoices.consolidated_invoice_id AS consolidated_invoice_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN invoices ON invoices.account_id = keys.k0 AND invoices.id = keys.k1 ORDER BY keys.n;

-- SubscriptionItem.one: 2
SELECT keys.n, subscription_items.id AS id, subscription_items.component AS component, subscription_items.quantity AS quantity, subscription_items.valid_from AS valid_from, subscription_items.valid_until AS valid_until, subscription_items.account_id AS account_id, subscription_items.subscription_id AS subscription_id, subscription_items.plan_version_id AS plan_version_id, subscription_items.price_id AS price_id
FROM unnest($1::UUID[], $2::UUID[]) WITH ORDINALITY AS keys(k0, k1, n) JOIN subscription_items ON subscription_items.account_id = keys.k0 AND subscription_items.id = keys.k1 ORDER BY keys.n;

-- Price.one: 1
SELECT keys.n, prices.id AS id, prices.component AS component, prices.currency AS currency, prices.interval AS interval, prices.model AS model, prices.tax_inclusive AS tax_inclusive, prices.package_size AS package_size, prices.percent AS percent, prices.minimum_minor AS minimum_minor, prices.maximum_minor AS maximum_minor, prices.plan_version_id AS plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN prices ON prices.id = keys.k0 ORDER BY keys.n;

-- DecisionReasons.one: 1
SELECT keys.n, policy_decisions.reasons AS reasons, policy_decisions.account_id AS account_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN policy_decisions ON policy_decisions.id = keys.k0 ORDER BY keys.n;

