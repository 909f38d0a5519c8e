#!/usr/bin/env bash
# Writes a backup of the database, while the product runs.
set -euo pipefail

# shellcheck source=lib/load.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/backup.sh --to FOLDER [--keep N]

Writes one moment of the database into FOLDER/donkey-<time>: a dump, a manifest with the rows of every table at that
moment, and checksums. API and workers go on meanwhile. A run that fails leaves nothing.

  --to FOLDER  where backups lie; it is made if it is missing
  --keep N     afterwards removes all backups there but the newest N
  --help       this text

Environment:
  DATABASE_URL, DATABASE_DIRECT_URL   the database, in place of what .env says
  PG_BIN                              folder of pg_dump, where it is not the newest that is found

The keys of CREDENTIAL_KEYS are not in it: keep .env in another safe place. Redis needs no backup. docs/backup.md has the rest.
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

umask 077
CALLED_FROM="$PWD"
GIVEN_PG_BIN="${PG_BIN:-}"
cd "$ROOT"
expect_steps 1
prepare_local
use_profile main

step 'backup'
packages_in_step || fail 'node_modules is not in step with package-lock.json' 'run npm ci, or ./scripts/setup.sh'
if [ -n "$GIVEN_PG_BIN" ]; then PG_BIN="$GIVEN_PG_BIN"; else find_client_programs; fi
export CALLED_FROM PG_BIN
if node scripts/backup/backup.ts "$@"; then exit 0; fi
said_why
exit 1
