CREATE TABLE contact_tokens (
    user_id uuid NOT NULL,
    token character varying(64) COLLATE "C" NOT NULL,
    contact_id uuid NOT NULL,
    CONSTRAINT pk_contact_tokens PRIMARY KEY (user_id, token, contact_id)
);


CREATE TABLE users (
    user_id uuid NOT NULL,
    company_name text,
    phone_number text,
    plan text NOT NULL,
    status text NOT NULL,
    default_region text NOT NULL,
    time_zone text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (user_id)
);


CREATE TABLE audit_chains (
    user_id uuid NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    anchor_sequence bigint NOT NULL,
    anchor_hash bytea NOT NULL,
    mac bytea NOT NULL,
    CONSTRAINT pk_audit_chains PRIMARY KEY (user_id),
    CONSTRAINT fk_audit_chains_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE audit_entries (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    action character varying(60) NOT NULL,
    resource_id uuid,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text,
    address text,
    request_id text,
    changes text,
    details text,
    mac bytea NOT NULL,
    CONSTRAINT pk_audit_entries PRIMARY KEY (user_id, id),
    CONSTRAINT fk_audit_entries_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE audit_seals (
    user_id uuid NOT NULL,
    sequence bigint NOT NULL,
    entry_id uuid NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT pk_audit_seals PRIMARY KEY (user_id, sequence),
    CONSTRAINT fk_audit_seals_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE campaigns (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    stages text NOT NULL,
    script_template text NOT NULL,
    data_collection_fields text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_campaigns PRIMARY KEY (user_id, id),
    CONSTRAINT fk_campaigns_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE contacts (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    phone_number text NOT NULL,
    phone_valid boolean NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text NOT NULL,
    company text NOT NULL,
    status text NOT NULL,
    tags text NOT NULL,
    custom_fields text NOT NULL,
    words text NOT NULL,
    added_by text,
    added_by_id uuid,
    added_with text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_contacts PRIMARY KEY (user_id, id),
    CONSTRAINT fk_contacts_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE counters (
    user_id uuid NOT NULL,
    name character varying(128) COLLATE "C" NOT NULL,
    period character varying(10) COLLATE "C" NOT NULL,
    value bigint NOT NULL,
    most bigint,
    CONSTRAINT pk_counters PRIMARY KEY (user_id, name, period),
    CONSTRAINT fk_counters_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE idempotent_requests (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    fingerprint bytea NOT NULL,
    answer bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_idempotent_requests PRIMARY KEY (user_id, id),
    CONSTRAINT fk_idempotent_requests_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE imports (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    file_name character varying(255) NOT NULL,
    encoding text NOT NULL,
    delimiter text NOT NULL,
    columns text NOT NULL,
    mapping text NOT NULL,
    state text NOT NULL,
    default_region text NOT NULL,
    on_duplicate text NOT NULL,
    tags text NOT NULL,
    status text NOT NULL,
    dry_run boolean NOT NULL,
    rows integer NOT NULL,
    done integer NOT NULL,
    created integer NOT NULL,
    updated integer NOT NULL,
    skipped integer NOT NULL,
    failed integer NOT NULL,
    undo_done integer NOT NULL,
    undone integer NOT NULL,
    kept integer NOT NULL,
    problem text,
    actor text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_imports PRIMARY KEY (user_id, id),
    CONSTRAINT fk_imports_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE invitations (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    hash character varying(64) NOT NULL,
    invited_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_invitations PRIMARY KEY (user_id, id),
    CONSTRAINT fk_invitations_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE jobs (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    queue character varying(40) NOT NULL,
    payload_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_jobs PRIMARY KEY (user_id, id),
    CONSTRAINT fk_jobs_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE members (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    first_name text,
    last_name text,
    role text NOT NULL,
    password_hash text NOT NULL,
    credential_version integer NOT NULL,
    email_verified_at timestamp with time zone,
    totp_secret text,
    totp_confirmed_at timestamp with time zone,
    totp_last_step bigint,
    deactivated_at timestamp with time zone,
    last_signed_in_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_members PRIMARY KEY (user_id, id),
    CONSTRAINT fk_members_user_id FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE
);


CREATE TABLE calls (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    contact_id uuid NOT NULL,
    campaign_id uuid,
    phone_number text NOT NULL,
    status text NOT NULL,
    scheduled_time timestamp with time zone NOT NULL,
    start_time timestamp with time zone,
    end_time timestamp with time zone,
    duration_seconds integer,
    recording_url text,
    notes text,
    ended_reason text,
    created_by text,
    created_by_id uuid,
    started_by text,
    started_by_id uuid,
    counted_in text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_calls PRIMARY KEY (user_id, id),
    CONSTRAINT fk_calls_campaign_id FOREIGN KEY (user_id, campaign_id) REFERENCES campaigns (user_id, id),
    CONSTRAINT fk_calls_contact_id FOREIGN KEY (user_id, contact_id) REFERENCES contacts (user_id, id)
);


CREATE TABLE timeline_entries (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    contact_id uuid NOT NULL,
    kind text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    actor text,
    actor_id uuid,
    call_id uuid,
    conversation_id uuid,
    details text NOT NULL,
    CONSTRAINT pk_timeline_entries PRIMARY KEY (user_id, id),
    CONSTRAINT fk_timeline_entries_contact_id FOREIGN KEY (user_id, contact_id) REFERENCES contacts (user_id, id) ON DELETE CASCADE
);


CREATE TABLE import_rows (
    user_id uuid NOT NULL,
    import_id uuid NOT NULL,
    number integer NOT NULL,
    cells text NOT NULL,
    outcome text,
    reason text,
    contact_id uuid,
    contact_version integer,
    before text,
    undo text,
    CONSTRAINT pk_import_rows PRIMARY KEY (user_id, import_id, number),
    CONSTRAINT fk_import_rows_import_id FOREIGN KEY (user_id, import_id) REFERENCES imports (user_id, id) ON DELETE CASCADE
);


CREATE TABLE api_keys (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    last_used_at timestamp with time zone,
    scopes text NOT NULL,
    allowed_addresses text NOT NULL,
    expires_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    member_id uuid NOT NULL,
    hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_api_keys PRIMARY KEY (user_id, id),
    CONSTRAINT fk_api_keys_member_id FOREIGN KEY (user_id, member_id) REFERENCES members (user_id, id)
);


CREATE TABLE mailed_tokens (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    purpose text NOT NULL,
    new_email text,
    expires_at timestamp with time zone NOT NULL,
    member_id uuid NOT NULL,
    hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_mailed_tokens PRIMARY KEY (user_id, id),
    CONSTRAINT fk_mailed_tokens_member_id FOREIGN KEY (user_id, member_id) REFERENCES members (user_id, id) ON DELETE CASCADE
);


CREATE TABLE recovery_codes (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    hash character varying(64) NOT NULL,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (user_id, id),
    CONSTRAINT fk_recovery_codes_member_id FOREIGN KEY (user_id, member_id) REFERENCES members (user_id, id) ON DELETE CASCADE
);


CREATE TABLE refresh_tokens (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    family uuid NOT NULL,
    signed_in_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    member_id uuid NOT NULL,
    hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (user_id, id),
    CONSTRAINT fk_refresh_tokens_member_id FOREIGN KEY (user_id, member_id) REFERENCES members (user_id, id) ON DELETE CASCADE
);


CREATE TABLE sessions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    proved_at timestamp with time zone NOT NULL,
    user_agent text,
    address text,
    member_id uuid NOT NULL,
    hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (user_id, id),
    CONSTRAINT fk_sessions_member_id FOREIGN KEY (user_id, member_id) REFERENCES members (user_id, id) ON DELETE CASCADE
);


CREATE TABLE conversations (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    contact_id uuid NOT NULL,
    campaign_id uuid,
    call_id uuid,
    stage text NOT NULL,
    collected_data text NOT NULL,
    sentiment_score double precision,
    duration_seconds integer NOT NULL,
    turn_count integer NOT NULL,
    contact_turns integer NOT NULL,
    contact_turns_in_stage integer NOT NULL,
    sentiment_sum double precision NOT NULL,
    sentiment_turns integer NOT NULL,
    stages_visited text NOT NULL,
    first_turn_at timestamp with time zone,
    counted_in text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_conversations PRIMARY KEY (user_id, id),
    CONSTRAINT fk_conversations_call_id FOREIGN KEY (user_id, call_id) REFERENCES calls (user_id, id),
    CONSTRAINT fk_conversations_campaign_id FOREIGN KEY (user_id, campaign_id) REFERENCES campaigns (user_id, id),
    CONSTRAINT fk_conversations_contact_id FOREIGN KEY (user_id, contact_id) REFERENCES contacts (user_id, id)
);


CREATE TABLE turns (
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    position integer NOT NULL,
    speaker text NOT NULL,
    text text NOT NULL,
    timestamp timestamp with time zone NOT NULL,
    stage text NOT NULL,
    sentiment_score double precision,
    actor text,
    actor_id uuid,
    client_id text,
    next_stage text,
    next_reason text,
    CONSTRAINT pk_turns PRIMARY KEY (user_id, conversation_id, position),
    CONSTRAINT fk_turns_conversation_id FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
);


CREATE UNIQUE INDEX ix_api_keys_hash ON api_keys (hash);


CREATE INDEX ix_api_keys_user_id_member_id ON api_keys (user_id, member_id);


CREATE INDEX ix_audit_entries_user_id_action_id ON audit_entries (user_id, action, id);


CREATE INDEX ix_audit_entries_user_id_actor_id_id ON audit_entries (user_id, actor_id, id);


CREATE INDEX ix_audit_entries_user_id_resource_id_id ON audit_entries (user_id, resource_id, id) WHERE resource_id is not null;


CREATE UNIQUE INDEX ix_audit_seals_user_id_entry_id ON audit_seals (user_id, entry_id);


CREATE INDEX ix_calls_user_id_campaign_id_id ON calls (user_id, campaign_id, id);


CREATE INDEX ix_calls_user_id_campaign_id_status_scheduled_time_id ON calls (user_id, campaign_id, status, scheduled_time, id);


CREATE INDEX ix_calls_user_id_contact_id_id ON calls (user_id, contact_id, id);


CREATE INDEX ix_calls_user_id_phone_number_id ON calls (user_id, phone_number, id);


CREATE INDEX ix_calls_user_id_scheduled_time_id ON calls (user_id, scheduled_time, id);


CREATE INDEX ix_calls_user_id_status_id ON calls (user_id, status, id);


CREATE INDEX ix_calls_user_id_status_scheduled_time_id ON calls (user_id, status, scheduled_time, id);


CREATE INDEX ix_calls_user_id_updated_at_id ON calls (user_id, updated_at, id);


CREATE INDEX ix_campaigns_user_id_name_id ON campaigns (user_id, name, id);


CREATE INDEX ix_campaigns_user_id_updated_at_id ON campaigns (user_id, updated_at, id);


CREATE INDEX ix_contacts_user_id_last_name_id ON contacts (user_id, last_name, id);


CREATE UNIQUE INDEX ix_contacts_user_id_phone_number ON contacts (user_id, phone_number);


CREATE INDEX ix_contacts_user_id_status_id ON contacts (user_id, status, id);


CREATE INDEX ix_contacts_user_id_updated_at_id ON contacts (user_id, updated_at, id);


CREATE INDEX ix_conversations_user_id_call_id_id ON conversations (user_id, call_id, id);


CREATE INDEX ix_conversations_user_id_campaign_id_id ON conversations (user_id, campaign_id, id);


CREATE INDEX ix_conversations_user_id_contact_id_id ON conversations (user_id, contact_id, id);


CREATE INDEX ix_conversations_user_id_stage_id ON conversations (user_id, stage, id);


CREATE INDEX ix_conversations_user_id_updated_at_id ON conversations (user_id, updated_at, id);


CREATE INDEX ix_idempotent_requests_user_id_created_at ON idempotent_requests (user_id, created_at);


CREATE INDEX ix_import_rows_user_id_import_id_contact_id ON import_rows (user_id, import_id, contact_id);


CREATE INDEX ix_import_rows_user_id_import_id_outcome_number ON import_rows (user_id, import_id, outcome, number);


CREATE INDEX ix_imports_user_id_updated_at_id ON imports (user_id, updated_at, id);


CREATE UNIQUE INDEX ix_invitations_hash ON invitations (hash);


CREATE UNIQUE INDEX ix_invitations_user_id_email ON invitations (user_id, email);


CREATE INDEX ix_jobs_queue_due_at ON jobs (queue, due_at);


CREATE UNIQUE INDEX ix_jobs_user_id_queue_payload_id ON jobs (user_id, queue, payload_id);


CREATE UNIQUE INDEX ix_mailed_tokens_hash ON mailed_tokens (hash);


CREATE INDEX ix_mailed_tokens_user_id_member_id ON mailed_tokens (user_id, member_id);


CREATE UNIQUE INDEX ix_members_email ON members (email);


CREATE UNIQUE INDEX ix_members_user_id ON members (user_id) WHERE role = 'owner';


CREATE INDEX ix_recovery_codes_user_id_member_id ON recovery_codes (user_id, member_id);


CREATE UNIQUE INDEX ix_refresh_tokens_hash ON refresh_tokens (hash);


CREATE INDEX ix_refresh_tokens_user_id_member_id ON refresh_tokens (user_id, member_id);


CREATE UNIQUE INDEX ix_sessions_hash ON sessions (hash);


CREATE INDEX ix_sessions_user_id_member_id ON sessions (user_id, member_id);


CREATE INDEX ix_timeline_entries_user_id_contact_id_id ON timeline_entries (user_id, contact_id, id);


CREATE UNIQUE INDEX ix_turns_user_id_conversation_id_client_id ON turns (user_id, conversation_id, client_id) WHERE client_id is not null;


alter table api_keys enable row level security;
alter table api_keys force row level security;
drop policy if exists tenant on api_keys;
create policy tenant on api_keys using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
drop policy if exists lookup on api_keys;
create policy lookup on api_keys for select using (hash = (select nullif(current_setting('app.lookup', true), '')));
alter table audit_chains enable row level security;
alter table audit_chains force row level security;
drop policy if exists tenant on audit_chains;
create policy tenant on audit_chains using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
drop policy if exists tenant on audit_entries;
create policy tenant on audit_entries using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table audit_seals enable row level security;
alter table audit_seals force row level security;
drop policy if exists tenant on audit_seals;
create policy tenant on audit_seals using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table calls enable row level security;
alter table calls force row level security;
drop policy if exists tenant on calls;
create policy tenant on calls using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table campaigns enable row level security;
alter table campaigns force row level security;
drop policy if exists tenant on campaigns;
create policy tenant on campaigns using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table contact_tokens enable row level security;
alter table contact_tokens force row level security;
drop policy if exists tenant on contact_tokens;
create policy tenant on contact_tokens using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table contacts enable row level security;
alter table contacts force row level security;
drop policy if exists tenant on contacts;
create policy tenant on contacts using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table conversations enable row level security;
alter table conversations force row level security;
drop policy if exists tenant on conversations;
create policy tenant on conversations using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table counters enable row level security;
alter table counters force row level security;
drop policy if exists tenant on counters;
create policy tenant on counters using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table idempotent_requests enable row level security;
alter table idempotent_requests force row level security;
drop policy if exists tenant on idempotent_requests;
create policy tenant on idempotent_requests using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table import_rows enable row level security;
alter table import_rows force row level security;
drop policy if exists tenant on import_rows;
create policy tenant on import_rows using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table imports enable row level security;
alter table imports force row level security;
drop policy if exists tenant on imports;
create policy tenant on imports using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table invitations enable row level security;
alter table invitations force row level security;
drop policy if exists tenant on invitations;
create policy tenant on invitations using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
drop policy if exists lookup on invitations;
create policy lookup on invitations for select using (hash = (select nullif(current_setting('app.lookup', true), '')));
alter table jobs enable row level security;
alter table jobs force row level security;
drop policy if exists tenant on jobs;
create policy tenant on jobs using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
drop policy if exists lookup on jobs;
create policy lookup on jobs for select using (queue = (select nullif(current_setting('app.lookup', true), '')));
alter table mailed_tokens enable row level security;
alter table mailed_tokens force row level security;
drop policy if exists tenant on mailed_tokens;
create policy tenant on mailed_tokens using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
drop policy if exists lookup on mailed_tokens;
create policy lookup on mailed_tokens for select using (hash = (select nullif(current_setting('app.lookup', true), '')));
alter table members enable row level security;
alter table members force row level security;
drop policy if exists tenant on members;
create policy tenant on members using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
drop policy if exists lookup on members;
create policy lookup on members for select using (email = (select nullif(current_setting('app.lookup', true), '')));
alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
drop policy if exists tenant on recovery_codes;
create policy tenant on recovery_codes using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;
drop policy if exists tenant on refresh_tokens;
create policy tenant on refresh_tokens using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
drop policy if exists lookup on refresh_tokens;
create policy lookup on refresh_tokens for select using (hash = (select nullif(current_setting('app.lookup', true), '')));
alter table sessions enable row level security;
alter table sessions force row level security;
drop policy if exists tenant on sessions;
create policy tenant on sessions using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
drop policy if exists lookup on sessions;
create policy lookup on sessions for select using (hash = (select nullif(current_setting('app.lookup', true), '')));
alter table timeline_entries enable row level security;
alter table timeline_entries force row level security;
drop policy if exists tenant on timeline_entries;
create policy tenant on timeline_entries using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table turns enable row level security;
alter table turns force row level security;
drop policy if exists tenant on turns;
create policy tenant on turns using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
alter table users enable row level security;
alter table users force row level security;
drop policy if exists tenant on users;
create policy tenant on users using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
drop policy if exists operator on users;
create policy operator on users to callagent_operator using (true) with check (true);
drop policy if exists operator on members;
create policy operator on members to callagent_operator using (true) with check (true);
drop policy if exists operator on counters;
create policy operator on counters to callagent_operator using (true) with check (true);
grant usage on schema public to "callagent_runtime", callagent_operator;
grant select, insert, update, delete on api_keys to "callagent_runtime";
revoke update, delete on audit_chains from "callagent_runtime";
grant select, insert, update on audit_chains to "callagent_runtime";
revoke update, delete on audit_entries from "callagent_runtime";
grant select, insert on audit_entries to "callagent_runtime";
revoke update, delete on audit_seals from "callagent_runtime";
grant select, insert on audit_seals to "callagent_runtime";
grant select, insert, update, delete on calls to "callagent_runtime";
grant select, insert, update, delete on campaigns to "callagent_runtime";
grant select, insert, update, delete on contact_tokens to "callagent_runtime";
grant select, insert, update, delete on contacts to "callagent_runtime";
grant select, insert, update, delete on conversations to "callagent_runtime";
grant select, insert, update, delete on counters to "callagent_runtime";
grant select, insert, update, delete on idempotent_requests to "callagent_runtime";
grant select, insert, update, delete on import_rows to "callagent_runtime";
grant select, insert, update, delete on imports to "callagent_runtime";
grant select, insert, update, delete on invitations to "callagent_runtime";
grant select, insert, update, delete on jobs to "callagent_runtime";
grant select, insert, update, delete on mailed_tokens to "callagent_runtime";
grant select, insert, update, delete on members to "callagent_runtime";
grant select, insert, update, delete on recovery_codes to "callagent_runtime";
grant select, insert, update, delete on refresh_tokens to "callagent_runtime";
grant select, insert, update, delete on sessions to "callagent_runtime";
grant select, insert, update, delete on timeline_entries to "callagent_runtime";
grant select, insert, update, delete on turns to "callagent_runtime";
grant select, insert, update, delete on users to "callagent_runtime";
grant select on "__EFMigrationsHistory" to "callagent_runtime";
grant select, update on users to callagent_operator;
grant select on members to callagent_operator;
grant select on counters to callagent_operator;
grant select, insert on audit_entries to callagent_operator;
grant select, insert on audit_seals to callagent_operator;
grant select, insert, update on audit_chains to callagent_operator;
create or replace function audit_prune() returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    whose uuid := nullif(current_setting('app.user_id', true), '')::uuid;
    through bigint;
    gone bigint;
begin
    select anchor_sequence into through from audit_chains where user_id = whose;
    delete from audit_entries e using audit_seals s
        where e.user_id = whose and s.user_id = whose and s.entry_id = e.id and s.sequence <= through
        and e.occurred_at < now() - interval '30 days';
    get diagnostics gone = row_count;
    delete from audit_seals s where s.user_id = whose and s.sequence <= through
        and not exists (select from audit_entries e where e.user_id = whose and e.id = s.entry_id);
    return gone;
end
$$;
revoke all on function audit_prune() from public;
grant execute on function audit_prune() to "callagent_runtime";
create or replace function contacts_forget_tokens() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as $$
declare
    word text;
begin
    for word in select json_array_elements_text(old.words::json) loop
        delete from contact_tokens where user_id = old.user_id and token = word and contact_id = old.id;
    end loop;
    return null;
end
$$;
create or replace trigger contacts_forget_tokens after delete on contacts for each row when (pg_trigger_depth() = 0) execute function contacts_forget_tokens();
create or replace function users_forget_tokens() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from contact_tokens where user_id = old.user_id;
    return null;
end
$$;
create or replace trigger users_forget_tokens after delete on users for each row execute function users_forget_tokens();
create schema if not exists operation;
create table if not exists operation.operators (name text not null primary key, hash text not null unique, created_at bigint not null);
create table if not exists operation.operator_sessions (hash text not null primary key, operator_name text not null references operation.operators (name) on delete cascade, created_at bigint not null, last_seen_at bigint not null, expires_at bigint not null);
create table if not exists operation.impersonations (id text not null primary key, user_id text not null, name text not null, operator_name text references operation.operators (name) on delete cascade, reason text not null, created_at bigint not null, expires_at bigint not null, link_hash text unique, link_until bigint, hash text unique);
grant usage on schema operation to callagent_operator;
grant select, insert, delete on operation.operators to callagent_operator;
grant select, insert, update, delete on operation.operator_sessions to callagent_operator;
grant select, insert, update, delete on operation.impersonations to callagent_operator;
