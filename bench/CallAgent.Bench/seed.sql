-- 1,000 users of 1,000 contacts each, as the owner of everything: no policies, no foreign key checks.
-- Run by several connections at once, each for its part of the users.
set session_replication_role = replica;
set synchronous_commit = off;
set work_mem = '64MB';

create temporary table people as
select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as user_id, n from generate_series(1, 1000) n
where n % current_setting('bench.parts')::int = current_setting('bench.part')::int;

insert into users (user_id, company_name, plan, status, default_region, time_zone, created_at, updated_at, version)
select user_id, 'Company ' || n, 'enterprise', 'active', 'DE', 'Europe/Berlin', now(), now(), 1 from people;

insert into members (user_id, id, email, first_name, last_name, role, password_hash, credential_version, created_at, updated_at, version)
select user_id, user_id, 'owner' || n || '@company.example', 'Olive', 'Owner', 'owner', '-', 1, now(), now(), 1 from people;

-- Version 7 ids from the time of creation, as the product makes them; half have a tag, a quarter a custom field.
insert into contacts (user_id, id, phone_number, phone_valid, first_name, last_name, email, company, status, tags, custom_fields,
    created_at, updated_at, version, added_by, added_with, words)
select user_id,
    (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid,
    '+49151' || lpad(c::text, 8, '0'), true, first, last, lower(first || '.' || last) || c || '@' || lower(company) || '.example', company,
    (array['new', 'contacted', 'interested', 'not_interested', 'converted', 'lost'])[1 + c % 6],
    case when c % 2 = 0 then '["vip"]' else '[]' end,
    case when c % 4 = 0 then '{"budget":12000,"source":"trade fair"}' else '{}' end, at, at, 1, 'Olive Owner', '{}',
    -- What contacts are found by: words, digits, tags.
    (select json_agg(distinct word)::text from unnest(array[lower(first), lower(last), lower(last) || c, lower(company), 'example',
        '49151' || lpad(c::text, 8, '0'), '151' || lpad(c::text, 8, '0'), lpad((c % 10000)::text, 4, '0')]
        || case when c % 2 = 0 then array['tag:vip'] else '{}' end) word)
from people
cross join generate_series(1, 1000) c
cross join lateral (select md5(n || '/' || c) as hash, date_trunc('day', now()) - (1000 - c) * interval '10 minutes' as at,
    (array['Grace', 'Alan', 'Ada', 'Edsger', 'Barbara', 'Donald', 'Radia'])[1 + c % 7] as first,
    (array['Hopper', 'Turing', 'Lovelace', 'Dijkstra', 'Liskov', 'Knuth', 'Perlman', 'Hamilton', 'Ritchie', 'Allen', 'Wing'])[1 + c % 11] as last,
    (array['Navy', 'Bletchley', 'Analytical', 'Burroughs', 'Stanford'])[1 + c % 5] as company) made
order by user_id, c;

insert into contact_tokens (user_id, token, contact_id)
select user_id, token, id from people join contacts using (user_id) cross join lateral json_array_elements_text(words::json) token;

insert into counters (user_id, name, period, value)
select user_id, 'contacts', '', count(*) from people join contacts using (user_id) group by user_id
union all
select user_id, 'contacts.' || status, '', count(*) from people join contacts using (user_id) group by user_id, status
union all
select user_id, 'contacts', to_char(created_at at time zone 'Europe/Berlin', 'YYYY-MM-DD'), count(*) from people join contacts using (user_id) group by user_id, 3;
