-- Other users beside the one that is measured, each as that one is after its sign-up: every row of it once more, under another user_id and with ids of
-- its own, because PostgreSQL plans badly for an id that thousands of rows have. As the owner of everything, and before the account is filled:
-- bench.account says whose rows, bench.neighbours how many users.
set session_replication_role = replica;
set synchronous_commit = off;

create temporary table neighbours as select gen_random_uuid() as user_id from generate_series(1, current_setting('bench.neighbours')::int);

do $$
declare
    of_users text;
    others text;
    named text;
begin
    for of_users in
        select table_name from information_schema.columns join information_schema.tables using (table_schema, table_name)
        where table_schema = 'public' and column_name = 'user_id' and table_type = 'BASE TABLE'
    loop
        others := 'jsonb_build_object(''user_id'', n.user_id)';
        -- Of the same time, and the same wherever it is referred to.
        for named in
            select column_name from information_schema.columns
            where table_schema = 'public' and table_name = of_users and data_type = 'uuid' and column_name <> 'user_id'
        loop
            others := others || format(
                ' || jsonb_build_object(%1$L, overlay(md5(n.user_id::text || r.%1$I) placing left(replace(r.%1$I::text, ''-'', ''''), 12) from 1)::uuid)', named);
        end loop;
        -- What is unique over all users.
        if exists (select from information_schema.columns where table_schema = 'public' and table_name = of_users and column_name = 'hash' and data_type <> 'bytea') then
            others := others || ' || jsonb_build_object(''hash'', encode(sha256((n.user_id::text || r.hash)::bytea), ''hex''))';
        end if;
        if of_users = 'members' then
            others := others || ' || jsonb_build_object(''email'', n.user_id::text || ''@company.example'')';
        end if;
        execute format(
            'insert into %1$I select x.* from %1$I r cross join neighbours n cross join lateral jsonb_populate_record(r, %2$s) x where r.user_id = %3$L',
            of_users, others, current_setting('bench.account'));
    end loop;
end $$;
