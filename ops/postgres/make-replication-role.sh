#!/usr/bin/env bash
# Makes the role and the slot by which a standby follows the primary, or gives the role its present password.
# Needs PRIMARY_HOST, PGUSER and PGDATABASE, and the passwords in SECRETS (/run/secrets).
set -euo pipefail

SECRETS="${SECRETS:-/run/secrets}"
PGPASSWORD="$(cat "$SECRETS/postgres_password")"
export PGPASSWORD

# A variable of psql is quoted where it is used, and stands in no command line.
{
  printf "\\\\set password '%s'\n" "$(cat "$SECRETS/replication_password")"
  cat <<'SQL'
select 'create role replicator with replication login'
where not exists (select from pg_roles where rolname = 'replicator') \gexec
alter role replicator with password :'password';
select pg_create_physical_replication_slot('standby')
where not exists (select from pg_replication_slots where slot_name = 'standby');
SQL
} | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$PRIMARY_HOST" --output /dev/null
echo 'The role replicator and the slot standby are there.'
