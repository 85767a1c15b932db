-- Product.many: 1
SELECT 1::bigint AS n, products.id AS id, products.code AS code, products.name AS name, products.description AS description, products.position AS position
FROM products ORDER BY products.position ASC, products.id ASC;

-- Plan.pages: 2
SELECT 1::bigint AS n, plans.id AS id, plans.code AS code, plans.name AS name, plans.description AS description, plans.rank AS rank, plans.segment AS segment, plans.withdrawn_at AS withdrawn_at, plans.product_id AS product_id
FROM plans
WHERE plans.id IN (SELECT plan_versions.plan_id
FROM plan_versions JOIN prices ON prices.plan_version_id = plan_versions.id
WHERE plan_versions.is_current AND prices.currency = $1::VARCHAR) AND (plans.withdrawn_at IS NULL OR plans.withdrawn_at > $2::TIMESTAMP WITH TIME ZONE) = $3::BOOLEAN ORDER BY plans.code ASC
 LIMIT $4::BIGINT;

-- Plan.one: 1
SELECT keys.n, plans.id AS id, plans.code AS code, plans.name AS name, plans.description AS description, plans.rank AS rank, plans.segment AS segment, plans.withdrawn_at AS withdrawn_at, plans.product_id AS product_id
FROM unnest($1::TEXT[]) WITH ORDINALITY AS keys(k0, n) JOIN plans ON plans.code = keys.k0 ORDER BY keys.n;

-- Feature.many: 12
SELECT 1::bigint AS n, features.id AS id, features.code AS code, features.name AS name, features.description AS description, features.kind AS kind, features.meter_id AS meter_id
FROM features ORDER BY features.code ASC;

-- Meter.many: 2
SELECT 1::bigint AS n, meters.id AS id, meters.code AS code, meters.name AS name, meters.unit AS unit, meters.aggregation AS aggregation
FROM meters ORDER BY meters.code ASC;

-- Plan.many: 3
SELECT keys.n, own.id, own.code, own.name, own.description, own.rank, own.segment, own.withdrawn_at, own.product_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT plans.id AS id, plans.code AS code, plans.name AS name, plans.description AS description, plans.rank AS rank, plans.segment AS segment, plans.withdrawn_at AS withdrawn_at, plans.product_id AS product_id
FROM plans
WHERE plans.product_id = keys.k0 ORDER BY plans.rank ASC) AS own ON true ORDER BY keys.n, own.rank ASC;

-- Plan.count: 1
SELECT 1::bigint AS n, (SELECT count(*) AS count_1
FROM plans
WHERE plans.id IN (SELECT plan_versions.plan_id
FROM plan_versions JOIN prices ON prices.plan_version_id = plan_versions.id
WHERE plan_versions.is_current AND prices.currency = $1::VARCHAR) AND (plans.withdrawn_at IS NULL OR plans.withdrawn_at > $2::TIMESTAMP WITH TIME ZONE) = $3::BOOLEAN) AS total;

-- Product.one: 1
SELECT keys.n, products.id AS id, products.code AS code, products.name AS name, products.description AS description, products.position AS position
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN products ON products.id = keys.k0 ORDER BY keys.n;

-- PlanVersion.one: 2
SELECT keys.n, plan_versions.id AS id, plan_versions.number AS number, plan_versions.published_at AS published_at, plan_versions.is_current AS is_current, plan_versions.plan_id AS plan_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plan_versions ON plan_versions.plan_id = keys.k0 AND plan_versions.is_current ORDER BY keys.n;

-- PlanVersion.pages: 1
SELECT keys.n, own.id, own.number, own.published_at, own.is_current, own.plan_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT plan_versions.id AS id, plan_versions.number AS number, plan_versions.published_at AS published_at, plan_versions.is_current AS is_current, plan_versions.plan_id AS plan_id
FROM plan_versions
WHERE plan_versions.plan_id = keys.k0 ORDER BY plan_versions.number DESC
 LIMIT $2::BIGINT) AS own ON true ORDER BY keys.n, own.number DESC;

-- Plan.one: 1
SELECT keys.n, plans.id AS id, plans.code AS code, plans.name AS name, plans.description AS description, plans.rank AS rank, plans.segment AS segment, plans.withdrawn_at AS withdrawn_at, plans.product_id AS product_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plans ON plans.id = keys.k0 ORDER BY keys.n;

-- PlanComponent.many: 2
SELECT keys.n, own.code, own.name, own.minimum, own.maximum, own.timing, own.position, own.meter_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT plan_components.code AS code, plan_components.name AS name, plan_components.minimum AS minimum, plan_components.maximum AS maximum, plan_components.timing AS timing, plan_components.position AS position, plan_components.meter_id AS meter_id
FROM plan_components
WHERE plan_components.plan_version_id = keys.k0 ORDER BY plan_components.position ASC, plan_components.code ASC) AS own ON true ORDER BY keys.n, own.position ASC, own.code ASC;

-- Price.many: 2
SELECT keys.n, own.id, own.component, own.currency, own.interval, own.model, own.tax_inclusive, own.package_size, own.percent, own.minimum_minor, own.maximum_minor, own.plan_version_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT prices.id AS id, prices.component AS component, prices.currency AS currency, prices.interval AS interval, prices.model AS model, prices.tax_inclusive AS tax_inclusive, prices.package_size AS package_size, prices.percent AS percent, prices.minimum_minor AS minimum_minor, prices.maximum_minor AS maximum_minor, prices.plan_version_id AS plan_version_id
FROM prices
WHERE prices.plan_version_id = keys.k0 AND prices.currency = $2::VARCHAR ORDER BY prices.component ASC, prices.currency ASC, prices.interval ASC) AS own ON true ORDER BY keys.n, own.component ASC, own.currency ASC, own.interval ASC;

-- PlanFeature.many: 12
SELECT keys.n, own.limit_per_unit, own.component, own.kind, own.is_enabled, own.limit_value, own.setting, own.feature_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT plan_features.limit_per_unit AS limit_per_unit, plan_features.component AS component, plan_features.kind AS kind, plan_features.is_enabled AS is_enabled, plan_features.limit_value AS limit_value, plan_features.setting AS setting, plan_features.feature_id AS feature_id
FROM plan_features
WHERE plan_features.plan_version_id = keys.k0 ORDER BY plan_features.feature_id ASC) AS own ON true ORDER BY keys.n, own.feature_id ASC;

-- PlanVersion.one: 1
SELECT keys.n, plan_versions.id AS id, plan_versions.number AS number, plan_versions.published_at AS published_at, plan_versions.is_current AS is_current, plan_versions.plan_id AS plan_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN plan_versions ON plan_versions.id = keys.k0 ORDER BY keys.n;

-- PriceTier.many: 2
SELECT keys.n, own.up_to, own.unit_minor, own.currency, own.flat_minor, own.position
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT price_tiers.up_to AS up_to, price_tiers.unit_minor AS unit_minor, price_tiers.currency AS currency, price_tiers.flat_minor AS flat_minor, price_tiers.position AS position
FROM price_tiers
WHERE price_tiers.price_id = keys.k0 ORDER BY price_tiers.position ASC) AS own ON true ORDER BY keys.n, own.position ASC;

-- Feature.one: 12
SELECT keys.n, features.id AS id, features.code AS code, features.name AS name, features.description AS description, features.kind AS kind, features.meter_id AS meter_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN features ON features.id = keys.k0 ORDER BY keys.n;

-- Meter.one: 2
SELECT keys.n, meters.id AS id, meters.code AS code, meters.name AS name, meters.unit AS unit, meters.aggregation AS aggregation
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN meters ON meters.id = keys.k0 ORDER BY keys.n;

