-- One user's account as it is after a quarter of a year, as the owner of everything: bench.account says whose, bench.contacts how many
-- contacts. A call to every fifth contact, two thirds of them with a conversation of eight turns. The account's campaigns exist.
set session_replication_role = replica;
set synchronous_commit = off;
set work_mem = '64MB';

create temporary table owner as select current_setting('bench.account')::uuid as user_id, current_setting('bench.contacts')::int as size;

create temporary table plans as
select user_id, id as campaign_id, row_number() over (order by id) - 1 as n, count(*) over () as many from campaigns join owner using (user_id);

-- Version 7 ids from the time of creation, as the product makes them.
create function pg_temp.id_at(at timestamptz, salt text) returns uuid language sql immutable as
$$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(salt), 1, 3) || '8' || substr(md5(salt), 4, 15))::uuid $$;

create temporary table people as
select user_id, c, pg_temp.id_at(at, 'contact' || c) as id, at, '+4915' || lpad(c::text, 9, '0') as number,
    (array['Grace', 'Alan', 'Ada', 'Edsger', 'Barbara', 'Donald', 'Radia'])[1 + c % 7] as first,
    (array['Hopper', 'Turing', 'Lovelace', 'Dijkstra', 'Liskov', 'Knuth', 'Perlman', 'Hamilton', 'Ritchie', 'Allen', 'Wing'])[1 + c % 11] as last,
    (array['Navy', 'Bletchley', 'Analytical', 'Burroughs', 'Stanford'])[1 + c % 5] as company,
    (array['new', 'contacted', 'interested', 'not_interested', 'converted', 'lost'])[1 + c % 6] as status
from owner cross join generate_series(1, size) c cross join lateral (select now() - interval '90 days' * (1 - c::float8 / size) as at) made;

insert into contacts (user_id, id, phone_number, phone_valid, first_name, last_name, email, company, status, tags, custom_fields,
    created_at, updated_at, version, added_by, added_with, words)
select user_id, id, number, true, first, last, lower(first || '.' || last) || c || '@' || lower(company) || '.example', company, status,
    case when c % 2 = 0 then '["vip","spring"]' else '[]' end, case when c % 4 = 0 then '{"budget":12000,"source":"trade fair"}' else '{}' end, at, at, 1, 'Olive Owner', '{}',
    (select json_agg(distinct word)::text from unnest(array[lower(first), lower(last), lower(last) || c, lower(company), 'example',
        substr(number, 2), substr(number, 4), right(number, 4)] || case when c % 2 = 0 then array['tag:vip', 'tag:spring'] else '{}' end) word)
from people order by c;

insert into contact_tokens (user_id, token, contact_id)
select user_id, token, id from people join contacts using (user_id, id) cross join lateral json_array_elements_text(words::json) token;

-- Of every hundred calls one is still to come, and of those one in ten is late.
create temporary table talks as
select p.user_id, k, p.id as contact_id, p.number, plan.campaign_id, made.at,
    pg_temp.id_at(made.at, 'call' || k) as id, pg_temp.id_at(made.at, 'talk' || k) as conversation_id, 40 + k * 7 % 400 as seconds,
    case when k % 100 = 99 then 'scheduled' else (array['completed', 'completed', 'completed', 'no_answer', 'completed', 'busy'])[1 + k % 6] end as status,
    (array['introduction', 'needs_assessment', 'solution_presentation', 'objection_handling', 'closing'])[1 + k % 5] as stage
from owner cross join generate_series(1, size / 5) k
join people p on p.c = 1 + k * 7919 % size
join plans plan on plan.n = k % plan.many
cross join lateral (select now() - interval '89 days' * (1 - k::float8 / (size / 5)) as at) made;

insert into calls (user_id, id, contact_id, campaign_id, phone_number, status, scheduled_time, start_time, end_time, duration_seconds, notes,
    ended_reason, counted_in, created_at, updated_at, version)
select user_id, id, contact_id, campaign_id, number, status,
    case when status <> 'scheduled' then at when k % 1000 = 999 then now() - interval '1 minute' * (k % 500) else now() + interval '1 minute' * k end,
    case when status <> 'scheduled' then at end, case when status <> 'scheduled' then at + make_interval(secs => seconds) end,
    case when status = 'completed' then seconds end, case when k % 3 = 0 then 'Asked for an offer in writing.' end, case status when 'scheduled' then null when 'completed' then null else status end, 'UTC', at, at, 3
from talks order by k;

insert into conversations (user_id, id, contact_id, campaign_id, call_id, stage, collected_data, sentiment_score, duration_seconds, turn_count,
    contact_turns, contact_turns_in_stage, sentiment_sum, sentiment_turns, stages_visited, first_turn_at, counted_in, created_at, updated_at, version)
select user_id, conversation_id, contact_id, campaign_id, id, stage, '{}', null, seconds, 8, 4, 1, 1.2, 4,
    case stage when 'introduction' then '["introduction"]' else '["introduction","' || stage || '"]' end, at, 'UTC', at, at, 9
from talks where status = 'completed' order by k;

insert into turns (user_id, conversation_id, position, speaker, text, timestamp, stage, sentiment_score)
select user_id, conversation_id, n, case when n % 2 = 1 then 'agent' else 'contact' end,
    (array['Hello, have you got two minutes?', 'Sure, go ahead.', 'What do you use today?', 'We do most of it by hand, and it costs us a day every week.',
        'We can take that off you.', 'What would it cost for twelve people?', 'I will send you an offer.', 'Good. Let us talk again on Thursday.'])[n],
    at + n * interval '8 seconds', case when n < 4 then 'introduction' else stage end, case when n % 2 = 0 then 0.3 end
from talks cross join generate_series(1, 8) n where status = 'completed';

insert into timeline_entries (user_id, id, contact_id, kind, occurred_at, actor, call_id, details)
select user_id, pg_temp.id_at(at + interval '1 second', 'ended' || k), contact_id, 'call_ended', at, 'Olive Owner', id,
    json_build_object('status', status, 'duration_seconds', seconds)::text from talks where status <> 'scheduled';

-- What the product keeps while it works: totals, months and days, of the account and of each campaign.
insert into counters (user_id, name, period, value)
with calls_of as (
    select user_id, whose, status, stage, seconds, to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day
    from talks cross join lateral (values (''), ('campaign:' || replace(campaign_id::text, '-', '') || '.')) w(whose))
select user_id, 'contacts', '', count(*) from people group by 1
union all select user_id, 'contacts.' || status, '', count(*) from people group by 1, 2
union all select user_id, 'contacts', to_char(at at time zone 'UTC', 'YYYY-MM-DD'), count(*) from people group by 1, 3
union all select user_id, 'calls', '', count(*) from talks group by 1
union all select user_id, 'calls', to_char(at at time zone 'UTC', 'YYYY-MM'), count(*) from talks group by 1, 3
union all select user_id, whose || 'calls.' || status, '', count(*) from calls_of group by 1, 2
union all select user_id, whose || 'calls', day, count(*) from calls_of group by 1, 2, 3
union all select user_id, whose || 'calls.' || status, day, count(*) from calls_of where status <> 'scheduled' group by 1, 2, 3
union all select user_id, whose || 'talk_seconds', day, sum(seconds) from calls_of where status = 'completed' group by 1, 2, 3
union all select user_id, whose || 'conversations', '', count(*) from calls_of where status = 'completed' group by 1, 2
union all select user_id, whose || 'conversations', day, count(*) from calls_of where status = 'completed' group by 1, 2, 3
union all select user_id, whose || 'conversations.at.' || stage, '', count(*) from calls_of where status = 'completed' group by 1, 2;
