#!/usr/bin/env bash
# Sets everything up and shows the main job. Safe to run again: finished work is kept.
set -euo pipefail

# shellcheck source=lib/load.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/setup.sh [--docker | --native] [--no-demo]

Installs the packages, provides PostgreSQL (with pgvector) and Redis, writes .env, migrates, starts the API and one
worker, and takes in two documents before your eyes. Needs Node.js 20 or later with npm; run it twice if you like.

  --docker    PostgreSQL and Redis in containers (a Docker engine must answer)
  --native    PostgreSQL and Redis as programs of this host, with data of the project's own under .local
  --no-demo   do everything except the demonstration
  --help      this text

Environment:
  DATABASE_URL, REDIS_URL   use these servers instead (PostgreSQL 15+ with pgvector 0.8+, Redis 7+)

Without a flag: given servers are used, else Docker if its engine answers, else packages of this host.
Exit code 0 when everything works; otherwise 1, with the failed step, the reason and the remedy.
HELP
}

WANTED=''
DEMO=yes
for argument in "$@"; do
  case "$argument" in
    --docker) WANTED=docker ;;
    --native) WANTED=native ;;
    --no-demo) DEMO=no ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      fail "unknown argument $argument" 'use one of the arguments above'
      ;;
  esac
done

run_script() {
  local log="$1"
  shift
  (cd "$ROOT" && logged "$log" node "$@")
}

cd "$ROOT"
echo 'Donkey Workspace: set-up'
expect_steps 7
prepare_local
use_profile main

step 'Node 24 and npm packages'
lock_bootstrap
install_packages
enable_git_hooks

step 'PostgreSQL and Redis: choose'
choose_services "$WANTED"
provide_programs
unlock_bootstrap

step 'PostgreSQL and Redis: start'
start_services
DATABASE_URL="$(database_url)" REDIS_URL="$(redis_url)" node scripts/services/check-servers.ts ||
  fail 'a server cannot be used' 'see the line above; own servers: ./scripts/services.sh status'

step 'Settings in .env'
DATABASE_URL="$(database_url)" REDIS_URL="$(redis_url)" POSTGRES_PASSWORD="$APP_PASSWORD" REDIS_PASSWORD="$REDIS_PASSWORD" \
  node scripts/env-file.ts create || fail '.env cannot be used' 'see the lines above; .env.example explains every setting'

step 'Database schema and first rows'
run_script migrate scripts/manage.ts migrate || fail 'the migrations did not succeed' "see $LOGS/migrate.log"
run_script seed scripts/manage.ts seed || fail 'the seed did not succeed' "see $LOGS/seed.log"
ok 'migrated and seeded'

step 'API and worker'
node scripts/services/processes.ts restart || fail 'the processes did not become ready' "see the lines above, and $LOGS/api.log and $LOGS/worker.log"

step 'The main job'
if [ "$DEMO" = yes ]; then
  node scripts/demo.ts || fail 'the demonstration did not find its passages' "see $LOGS/api.log and $LOGS/worker.log"
else
  ok 'left out (--no-demo); npm run demo shows it'
fi

node scripts/services/processes.ts describe
cat <<'END'
Next
  stop        npm stop              (./scripts/services.sh stop)
  start       npm start             (also after a reboot)
  state       ./scripts/services.sh status
  reset       npm run reset         (deletes all data; then run ./scripts/setup.sh)
  tests       npm test              (./scripts/test.sh, on services of its own)
END
