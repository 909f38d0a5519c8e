#!/usr/bin/env bash
# Restores a backup that ./scripts/backup.sh has written.
set -euo pipefail

# shellcheck source=lib/load.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/restore.sh --from FOLDER [--replace] [--yes] [--keep-sessions] [--check]

Restores FOLDER (a donkey-<time> of ./scripts/backup.sh) to the database that DATABASE_URL names. Everything is checked
first: checksums, versions, and that CREDENTIAL_KEYS has the keys that are needed. It is then restored into a database of
its own, counted against the manifest, its credentials are decrypted, its schema is brought up to date, and only then does it
take the name of the old one, which is kept under another. Stop API and workers before.

  --from FOLDER    the backup
  --replace        also when the database has tables; asks for its name
  --yes            does not ask
  --keep-sessions  logins of the moment of the backup stay good; otherwise everybody logs in again
  --check          only checks the backup; changes nothing
  --help           this text

Environment:
  DATABASE_URL, DATABASE_DIRECT_URL   the database, in place of what .env says
  ADMIN_DATABASE_URL                  a role on the same server that may make databases and install extensions; by default
                                      the superuser of the project's own PostgreSQL, or else the role of DATABASE_URL
  PG_BIN                              folder of pg_restore, where it is not the newest that is found
HELP
}

for argument in "$@"; do
  case "$argument" in
    --help | -h)
      usage
      exit 0
      ;;
  esac
done

# The set-up's own PostgreSQL has a superuser, and its API and worker are stopped from here.
prepare_own_set_up() {
  [ -f "$STATE_FILE" ] || return 0
  [ "$(database_url)" = "$(own_database_url)" ] || return 0
  if [ "$KIND" = native ]; then start_services; fi
  ADMIN_DATABASE_URL="${ADMIN_DATABASE_URL:-postgres://postgres:$PG_PASSWORD@127.0.0.1:$PG_PORT/postgres}"
  export ADMIN_DATABASE_URL
  [ "$CHECK" = yes ] || node scripts/services/processes.ts stop
}

umask 077
CALLED_FROM="$PWD"
GIVEN_PG_BIN="${PG_BIN:-}"
CHECK=no
for argument in "$@"; do [ "$argument" != --check ] || CHECK=yes; done
cd "$ROOT"
expect_steps 1
prepare_local
use_profile main

step 'restore'
packages_in_step || fail 'node_modules is not in step with package-lock.json' 'run npm ci, or ./scripts/setup.sh'
if [ -n "$GIVEN_PG_BIN" ]; then PG_BIN="$GIVEN_PG_BIN"; else find_client_programs; fi
prepare_own_set_up
export CALLED_FROM PG_BIN
if node scripts/backup/restore.ts "$@"; then exit 0; fi
said_why
exit 1
