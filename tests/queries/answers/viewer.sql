-- User.one: 1
SELECT keys.n, users.id AS id, users.name AS name, users.email AS email, users.created_at AS created_at
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN users ON users.id = keys.k0 AND (users.id = $2::UUID OR (EXISTS (SELECT *
FROM memberships AS shared
WHERE shared.user_id = users.id AND shared.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $2::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $2::UUID)))) ORDER BY keys.n;

-- Membership.pages: 3
SELECT keys.n, own.id, own.role, own.created_at, own.account_id, own.user_id
FROM unnest($1::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN LATERAL (SELECT memberships.id AS id, memberships.role AS role, memberships.created_at AS created_at, memberships.account_id AS account_id, memberships.user_id AS user_id
FROM memberships
WHERE memberships.user_id = keys.k0 AND memberships.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $2::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $2::UUID) ORDER BY memberships.account_id ASC
 LIMIT $3::BIGINT) AS own ON true ORDER BY keys.n, own.account_id ASC;

-- Membership.count: 1
SELECT keys.n, (SELECT count(*) AS count_1
FROM memberships
WHERE memberships.user_id = keys.k0 AND memberships.account_id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $1::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $1::UUID)) AS total
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) ORDER BY keys.n;

-- Account.one: 2
SELECT keys.n, accounts.id AS id, accounts.external_id AS external_id, accounts.name AS name, accounts.email AS email, accounts.address AS address, accounts.country AS country, accounts.region AS region, accounts.currency AS currency, accounts.segment AS segment, accounts.status AS status, accounts.net_days AS net_days, accounts.tax_id AS tax_id, accounts.tax_exemption AS tax_exemption, accounts.is_consolidated AS is_consolidated, accounts.consolidation_day AS consolidation_day, accounts.is_sandbox AS is_sandbox, accounts.created_at AS created_at, accounts.zone AS zone, coalesce(accounts.clock_at, $1::TIMESTAMP WITH TIME ZONE) AS "current_time", accounts.legal_entity_id AS legal_entity_id, accounts.parent_account_id AS parent_account_id
FROM unnest($2::UUID[]) WITH ORDINALITY AS keys(k0, n) JOIN accounts ON accounts.id = keys.k0 AND accounts.id IN (SELECT scope.account_id
FROM memberships AS scope
WHERE scope.user_id = $3::UUID UNION ALL SELECT scope_below.id
FROM accounts AS scope_below JOIN memberships AS scope_above ON scope_above.account_id = scope_below.parent_account_id
WHERE scope_above.user_id = $3::UUID) ORDER BY keys.n;

