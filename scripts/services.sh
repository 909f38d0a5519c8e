#!/usr/bin/env bash
# Starts, stops, shows or resets what ./scripts/setup.sh made.
set -euo pipefail

# shellcheck source=lib/load.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/services.sh start | stop | status | reset [--all] [--yes]

  start    starts PostgreSQL and Redis (where they are the project's own), the API and one worker
  stop     stops them; the data stays
  status   shows what runs and where
  reset    stops everything and deletes the data of the project's own PostgreSQL and Redis and the demo login;
           .env, ports and passwords stay, so ./scripts/setup.sh makes the same place anew
           --all   deletes .env and all of .local too
           --yes   does not ask
HELP
}

ask() {
  [ "$YES" = no ] || return 0
  [ -t 0 ] || fail 'nobody can be asked here' 'add --yes to delete without a question'
  local answer
  read -r -p "$1 Type yes to go on: " answer
  [ "$answer" = yes ] || fail 'the answer was not yes' 'nothing was deleted'
}

set_up() { [ -f "$STATE_FILE" ] && [ -x "$ROOT/node_modules/.bin/node" ]; }
require_set_up() { set_up || fail 'nothing has been set up here' 'run ./scripts/setup.sh'; }

start_everything() {
  require_set_up
  packages_in_step || fail 'node_modules is not in step with package-lock.json' 'run ./scripts/setup.sh'
  choose_services ''
  start_services
  node scripts/services/check-servers.ts || fail 'a server cannot be used' 'see the line above'
  node scripts/services/processes.ts start || fail 'the processes did not become ready' "see the lines above, and $LOGS/api.log and $LOGS/worker.log"
  node scripts/services/processes.ts describe
}

stop_everything() {
  require_set_up
  node scripts/services/processes.ts stop
  stop_services
  ok 'stopped'
}

show_status() {
  require_set_up
  choose_services ''
  DATABASE_URL="$(database_url)" REDIS_URL="$(redis_url)" node scripts/services/check-servers.ts || true
  node scripts/services/processes.ts status
}

reset_everything() {
  ask "This deletes the data of the workspace in $ROOT."
  if set_up; then
    stop_everything
    delete_services_data
    if [ "$DATABASE" = given ] || [ "$REDIS" = given ]; then
      note 'a server named by DATABASE_URL or REDIS_URL is not emptied: drop its database or keys yourself'
    fi
  fi
  rm -f "$LOCAL/demo.json"
  if [ "$ALL" = yes ]; then
    stop_test_services
    rm -f "$ROOT/.env"
    as_root_if_needed rm -rf "${LOCAL:?}"
  fi
  ok 'reset; ./scripts/setup.sh sets everything up again'
}

# Services that ./scripts/test.sh --keep left running.
stop_test_services() {
  use_profile test
  if set_up; then
    stop_services
    delete_services_data
  fi
}

COMMAND="${1:-}"
[ "$#" -eq 0 ] || shift
ALL=no
YES=no
for argument in "$@"; do
  case "$argument" in
    --all) ALL=yes ;;
    --yes) YES=yes ;;
    *) fail "unknown argument $argument" './scripts/services.sh --help explains the arguments' ;;
  esac
done

cd "$ROOT"
expect_steps 1
use_profile main
case "$COMMAND" in
  start | stop | status | reset)
    prepare_local
    step "$COMMAND"
    ;;
esac
case "$COMMAND" in
  start) start_everything ;;
  stop) stop_everything ;;
  status) show_status ;;
  reset) reset_everything ;;
  --help | -h) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
