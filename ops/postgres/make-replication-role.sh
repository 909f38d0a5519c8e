#!/usr/bin/env bash
# Makes the role and the slot by which a standby follows the primary, or gives the role its present password.
# Needs PRIMARY_HOST, PGUSER and PGDATABASE, and the passwords in SECRETS (/run/secrets).
set -euo pipefail

SECRETS="${SECRETS:-/run/secrets}"
PGPASSWORD="$(cat "$SECRETS/postgres_password")"
export SECRETS PGPASSWORD

# psql reads the password itself and quotes it where it is used, so that it stands in no command line.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$PRIMARY_HOST" --output /dev/null <<'SQL'
\set password `cat "$SECRETS/replication_password"`
select 'create role replicator with replication login'
where not exists (select from pg_roles where rolname = 'replicator') \gexec
alter role replicator with password :'password';
select pg_create_physical_replication_slot('standby')
where not exists (select from pg_replication_slots where slot_name = 'standby');
SQL
echo 'The role replicator and the slot standby are there.'
