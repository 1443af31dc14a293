CREATE TABLE "contact_tokens" (
    "user_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    CONSTRAINT "pk_contact_tokens" PRIMARY KEY ("user_id", "token", "contact_id")
);


CREATE TABLE "users" (
    "user_id" TEXT NOT NULL CONSTRAINT "pk_users" PRIMARY KEY,
    "company_name" TEXT NULL,
    "phone_number" TEXT NULL,
    "plan" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "default_region" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL
);


CREATE TABLE "audit_chains" (
    "user_id" TEXT NOT NULL CONSTRAINT "pk_audit_chains" PRIMARY KEY,
    "sequence" INTEGER NOT NULL,
    "hash" BLOB NOT NULL,
    "anchor_sequence" INTEGER NOT NULL,
    "anchor_hash" BLOB NOT NULL,
    "mac" BLOB NOT NULL,
    CONSTRAINT "fk_audit_chains_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "audit_entries" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "occurred_at" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource_id" TEXT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NULL,
    "actor_name" TEXT NULL,
    "address" TEXT NULL,
    "request_id" TEXT NULL,
    "changes" TEXT NULL,
    "details" TEXT NULL,
    "mac" BLOB NOT NULL,
    CONSTRAINT "pk_audit_entries" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_audit_entries_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "audit_seals" (
    "user_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "entry_id" TEXT NOT NULL,
    "hash" BLOB NOT NULL,
    CONSTRAINT "pk_audit_seals" PRIMARY KEY ("user_id", "sequence"),
    CONSTRAINT "fk_audit_seals_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "campaigns" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NULL,
    "stages" TEXT NOT NULL,
    "script_template" TEXT NOT NULL,
    "data_collection_fields" TEXT NOT NULL,
    "is_active" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    CONSTRAINT "pk_campaigns" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_campaigns_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "contacts" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "phone_number" TEXT NOT NULL,
    "phone_valid" INTEGER NOT NULL,
    "first_name" TEXT NOT NULL,
    "last_name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "company" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "custom_fields" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "added_by" TEXT NULL,
    "added_by_id" TEXT NULL,
    "added_with" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    CONSTRAINT "pk_contacts" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_contacts_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "counters" (
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "value" INTEGER NOT NULL,
    "most" INTEGER NULL,
    CONSTRAINT "pk_counters" PRIMARY KEY ("user_id", "name", "period"),
    CONSTRAINT "fk_counters_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "idempotent_requests" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "fingerprint" BLOB NOT NULL,
    "answer" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "pk_idempotent_requests" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_idempotent_requests_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "imports" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "encoding" TEXT NOT NULL,
    "delimiter" TEXT NOT NULL,
    "columns" TEXT NOT NULL,
    "mapping" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "default_region" TEXT NOT NULL,
    "on_duplicate" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "dry_run" INTEGER NOT NULL,
    "rows" INTEGER NOT NULL,
    "done" INTEGER NOT NULL,
    "created" INTEGER NOT NULL,
    "updated" INTEGER NOT NULL,
    "skipped" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "undo_done" INTEGER NOT NULL,
    "undone" INTEGER NOT NULL,
    "kept" INTEGER NOT NULL,
    "problem" TEXT NULL,
    "actor" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "started_at" INTEGER NULL,
    "finished_at" INTEGER NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    CONSTRAINT "pk_imports" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_imports_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "invitations" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "invited_by" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    CONSTRAINT "pk_invitations" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_invitations_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "jobs" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "queue" TEXT NOT NULL,
    "payload_id" TEXT NOT NULL,
    "due_at" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "pk_jobs" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_jobs_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "members" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "first_name" TEXT NULL,
    "last_name" TEXT NULL,
    "role" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "credential_version" INTEGER NOT NULL,
    "email_verified_at" INTEGER NULL,
    "totp_secret" TEXT NULL,
    "totp_confirmed_at" INTEGER NULL,
    "totp_last_step" INTEGER NULL,
    "deactivated_at" INTEGER NULL,
    "last_signed_in_at" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    CONSTRAINT "pk_members" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_members_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("user_id") ON DELETE CASCADE
);


CREATE TABLE "calls" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    "campaign_id" TEXT NULL,
    "phone_number" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "scheduled_time" INTEGER NOT NULL,
    "start_time" INTEGER NULL,
    "end_time" INTEGER NULL,
    "duration_seconds" INTEGER NULL,
    "recording_url" TEXT NULL,
    "notes" TEXT NULL,
    "ended_reason" TEXT NULL,
    "created_by" TEXT NULL,
    "created_by_id" TEXT NULL,
    "started_by" TEXT NULL,
    "started_by_id" TEXT NULL,
    "counted_in" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    CONSTRAINT "pk_calls" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_calls_campaign_id" FOREIGN KEY ("user_id", "campaign_id") REFERENCES "campaigns" ("user_id", "id"),
    CONSTRAINT "fk_calls_contact_id" FOREIGN KEY ("user_id", "contact_id") REFERENCES "contacts" ("user_id", "id")
);


CREATE TABLE "timeline_entries" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "occurred_at" INTEGER NOT NULL,
    "actor" TEXT NULL,
    "actor_id" TEXT NULL,
    "call_id" TEXT NULL,
    "conversation_id" TEXT NULL,
    "details" TEXT NOT NULL,
    CONSTRAINT "pk_timeline_entries" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_timeline_entries_contact_id" FOREIGN KEY ("user_id", "contact_id") REFERENCES "contacts" ("user_id", "id") ON DELETE CASCADE
);


CREATE TABLE "import_rows" (
    "user_id" TEXT NOT NULL,
    "import_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "cells" TEXT NOT NULL,
    "outcome" TEXT NULL,
    "reason" TEXT NULL,
    "contact_id" TEXT NULL,
    "contact_version" INTEGER NULL,
    "before" TEXT NULL,
    "undo" TEXT NULL,
    CONSTRAINT "pk_import_rows" PRIMARY KEY ("user_id", "import_id", "number"),
    CONSTRAINT "fk_import_rows_import_id" FOREIGN KEY ("user_id", "import_id") REFERENCES "imports" ("user_id", "id") ON DELETE CASCADE
);


CREATE TABLE "api_keys" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "last_used_at" INTEGER NULL,
    "scopes" TEXT NOT NULL,
    "allowed_addresses" TEXT NOT NULL,
    "expires_at" INTEGER NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "member_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "pk_api_keys" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_api_keys_member_id" FOREIGN KEY ("user_id", "member_id") REFERENCES "members" ("user_id", "id")
);


CREATE TABLE "mailed_tokens" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "new_email" TEXT NULL,
    "expires_at" INTEGER NOT NULL,
    "member_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "pk_mailed_tokens" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_mailed_tokens_member_id" FOREIGN KEY ("user_id", "member_id") REFERENCES "members" ("user_id", "id") ON DELETE CASCADE
);


CREATE TABLE "recovery_codes" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    CONSTRAINT "pk_recovery_codes" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_recovery_codes_member_id" FOREIGN KEY ("user_id", "member_id") REFERENCES "members" ("user_id", "id") ON DELETE CASCADE
);


CREATE TABLE "refresh_tokens" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "family" TEXT NOT NULL,
    "signed_in_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL,
    "member_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "pk_refresh_tokens" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_refresh_tokens_member_id" FOREIGN KEY ("user_id", "member_id") REFERENCES "members" ("user_id", "id") ON DELETE CASCADE
);


CREATE TABLE "sessions" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "last_seen_at" INTEGER NOT NULL,
    "proved_at" INTEGER NOT NULL,
    "user_agent" TEXT NULL,
    "address" TEXT NULL,
    "member_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "pk_sessions" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_sessions_member_id" FOREIGN KEY ("user_id", "member_id") REFERENCES "members" ("user_id", "id") ON DELETE CASCADE
);


CREATE TABLE "conversations" (
    "user_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    "campaign_id" TEXT NULL,
    "call_id" TEXT NULL,
    "stage" TEXT NOT NULL,
    "collected_data" TEXT NOT NULL,
    "sentiment_score" REAL NULL,
    "duration_seconds" INTEGER NOT NULL,
    "turn_count" INTEGER NOT NULL,
    "contact_turns" INTEGER NOT NULL,
    "contact_turns_in_stage" INTEGER NOT NULL,
    "sentiment_sum" REAL NOT NULL,
    "sentiment_turns" INTEGER NOT NULL,
    "stages_visited" TEXT NOT NULL,
    "first_turn_at" INTEGER NULL,
    "counted_in" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    CONSTRAINT "pk_conversations" PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "fk_conversations_call_id" FOREIGN KEY ("user_id", "call_id") REFERENCES "calls" ("user_id", "id"),
    CONSTRAINT "fk_conversations_campaign_id" FOREIGN KEY ("user_id", "campaign_id") REFERENCES "campaigns" ("user_id", "id"),
    CONSTRAINT "fk_conversations_contact_id" FOREIGN KEY ("user_id", "contact_id") REFERENCES "contacts" ("user_id", "id")
);


CREATE TABLE "turns" (
    "user_id" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "speaker" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "timestamp" INTEGER NOT NULL,
    "stage" TEXT NOT NULL,
    "sentiment_score" REAL NULL,
    "actor" TEXT NULL,
    "actor_id" TEXT NULL,
    "client_id" TEXT NULL,
    "next_stage" TEXT NULL,
    "next_reason" TEXT NULL,
    CONSTRAINT "pk_turns" PRIMARY KEY ("user_id", "conversation_id", "position"),
    CONSTRAINT "fk_turns_conversation_id" FOREIGN KEY ("user_id", "conversation_id") REFERENCES "conversations" ("user_id", "id") ON DELETE CASCADE
);


CREATE UNIQUE INDEX "ix_api_keys_hash" ON "api_keys" ("hash");


CREATE INDEX "ix_api_keys_user_id_member_id" ON "api_keys" ("user_id", "member_id");


CREATE INDEX "ix_audit_entries_user_id_action_id" ON "audit_entries" ("user_id", "action", "id");


CREATE INDEX "ix_audit_entries_user_id_actor_id_id" ON "audit_entries" ("user_id", "actor_id", "id");


CREATE INDEX "ix_audit_entries_user_id_resource_id_id" ON "audit_entries" ("user_id", "resource_id", "id") WHERE resource_id is not null;


CREATE UNIQUE INDEX "ix_audit_seals_user_id_entry_id" ON "audit_seals" ("user_id", "entry_id");


CREATE INDEX "ix_calls_user_id_campaign_id_id" ON "calls" ("user_id", "campaign_id", "id");


CREATE INDEX "ix_calls_user_id_campaign_id_status_scheduled_time_id" ON "calls" ("user_id", "campaign_id", "status", "scheduled_time", "id");


CREATE INDEX "ix_calls_user_id_contact_id_id" ON "calls" ("user_id", "contact_id", "id");


CREATE INDEX "ix_calls_user_id_phone_number_id" ON "calls" ("user_id", "phone_number", "id");


CREATE INDEX "ix_calls_user_id_scheduled_time_id" ON "calls" ("user_id", "scheduled_time", "id");


CREATE INDEX "ix_calls_user_id_status_id" ON "calls" ("user_id", "status", "id");


CREATE INDEX "ix_calls_user_id_status_scheduled_time_id" ON "calls" ("user_id", "status", "scheduled_time", "id");


CREATE INDEX "ix_calls_user_id_updated_at_id" ON "calls" ("user_id", "updated_at", "id");


CREATE INDEX "ix_campaigns_user_id_name_id" ON "campaigns" ("user_id", "name", "id");


CREATE INDEX "ix_campaigns_user_id_updated_at_id" ON "campaigns" ("user_id", "updated_at", "id");


CREATE INDEX "ix_contacts_user_id_last_name_id" ON "contacts" ("user_id", "last_name", "id");


CREATE UNIQUE INDEX "ix_contacts_user_id_phone_number" ON "contacts" ("user_id", "phone_number");


CREATE INDEX "ix_contacts_user_id_status_id" ON "contacts" ("user_id", "status", "id");


CREATE INDEX "ix_contacts_user_id_updated_at_id" ON "contacts" ("user_id", "updated_at", "id");


CREATE INDEX "ix_conversations_user_id_call_id_id" ON "conversations" ("user_id", "call_id", "id");


CREATE INDEX "ix_conversations_user_id_campaign_id_id" ON "conversations" ("user_id", "campaign_id", "id");


CREATE INDEX "ix_conversations_user_id_contact_id_id" ON "conversations" ("user_id", "contact_id", "id");


CREATE INDEX "ix_conversations_user_id_stage_id" ON "conversations" ("user_id", "stage", "id");


CREATE INDEX "ix_conversations_user_id_updated_at_id" ON "conversations" ("user_id", "updated_at", "id");


CREATE INDEX "ix_idempotent_requests_user_id_created_at" ON "idempotent_requests" ("user_id", "created_at");


CREATE INDEX "ix_import_rows_user_id_import_id_contact_id" ON "import_rows" ("user_id", "import_id", "contact_id");


CREATE INDEX "ix_import_rows_user_id_import_id_outcome_number" ON "import_rows" ("user_id", "import_id", "outcome", "number");


CREATE INDEX "ix_imports_user_id_updated_at_id" ON "imports" ("user_id", "updated_at", "id");


CREATE UNIQUE INDEX "ix_invitations_hash" ON "invitations" ("hash");


CREATE UNIQUE INDEX "ix_invitations_user_id_email" ON "invitations" ("user_id", "email");


CREATE INDEX "ix_jobs_queue_due_at" ON "jobs" ("queue", "due_at");


CREATE UNIQUE INDEX "ix_jobs_user_id_queue_payload_id" ON "jobs" ("user_id", "queue", "payload_id");


CREATE UNIQUE INDEX "ix_mailed_tokens_hash" ON "mailed_tokens" ("hash");


CREATE INDEX "ix_mailed_tokens_user_id_member_id" ON "mailed_tokens" ("user_id", "member_id");


CREATE UNIQUE INDEX "ix_members_email" ON "members" ("email");


CREATE UNIQUE INDEX "ix_members_user_id" ON "members" ("user_id") WHERE role = 'owner';


CREATE INDEX "ix_recovery_codes_user_id_member_id" ON "recovery_codes" ("user_id", "member_id");


CREATE UNIQUE INDEX "ix_refresh_tokens_hash" ON "refresh_tokens" ("hash");


CREATE INDEX "ix_refresh_tokens_user_id_member_id" ON "refresh_tokens" ("user_id", "member_id");


CREATE UNIQUE INDEX "ix_sessions_hash" ON "sessions" ("hash");


CREATE INDEX "ix_sessions_user_id_member_id" ON "sessions" ("user_id", "member_id");


CREATE INDEX "ix_timeline_entries_user_id_contact_id_id" ON "timeline_entries" ("user_id", "contact_id", "id");


CREATE UNIQUE INDEX "ix_turns_user_id_conversation_id_client_id" ON "turns" ("user_id", "conversation_id", "client_id") WHERE client_id is not null;


create trigger if not exists audit_entries_stay_as_they_are before update on audit_entries begin select raise(abort, 'The audit log only grows.'); end;
create trigger if not exists audit_entries_stay before delete on audit_entries when exists (select 1 from users where user_id = old.user_id) and (old.occurred_at > (strftime('%s', 'now') - 30 * 86400) * 1000
    or not exists (select 1 from audit_seals s join audit_chains c on c.user_id = s.user_id
        where s.user_id = old.user_id and s.entry_id = old.id and s.sequence <= c.anchor_sequence)) begin select raise(abort, 'The audit log only grows.'); end;
create trigger if not exists audit_seals_stay_as_they_are before update on audit_seals begin select raise(abort, 'The audit log only grows.'); end;
create trigger if not exists audit_seals_stay before delete on audit_seals when exists (select 1 from users where user_id = old.user_id)
    and (exists (select 1 from audit_entries e where e.user_id = old.user_id and e.id = old.entry_id)
    or not exists (select 1 from audit_chains c where c.user_id = old.user_id and old.sequence <= c.anchor_sequence)) begin select raise(abort, 'The audit log only grows.'); end;
create trigger if not exists audit_chains_stay before delete on audit_chains when exists (select 1 from users where user_id = old.user_id) begin select raise(abort, 'The audit log only grows.'); end;
create trigger if not exists contacts_forget_tokens after delete on contacts when exists (select 1 from users where user_id = old.user_id)
    begin delete from contact_tokens where user_id = old.user_id
    and contact_id = old.id and token in (select value from json_each(old.words)); end;
create trigger if not exists users_forget_tokens after delete on users begin delete from contact_tokens where user_id = old.user_id; end;
create table if not exists operators (name text not null primary key, hash text not null unique, created_at bigint not null);
create table if not exists operator_sessions (hash text not null primary key, operator_name text not null references operators (name) on delete cascade, created_at bigint not null, last_seen_at bigint not null, expires_at bigint not null);
create table if not exists impersonations (id text not null primary key, user_id text not null, name text not null, operator_name text references operators (name) on delete cascade, reason text not null, created_at bigint not null, expires_at bigint not null, link_hash text unique, link_until bigint, hash text unique);
