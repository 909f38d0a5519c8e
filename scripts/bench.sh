#!/usr/bin/env bash
# Runs the benchmarks on a PostgreSQL and a Redis of their own, and writes docs/benchmarks.md.
set -euo pipefail

# shellcheck source=lib/load.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/bench.sh [--quick | --full] [--compare] [--only NAME]...

Measures the product, each thing beside a baseline in the same run, and prints a table. Nothing else should run meanwhile.

  --quick      a look, within 5 minutes; nothing is written
  --full       with the sizes that take long as well
  --compare    fails when a ratio is worse than in docs/benchmarks/results.json; nothing is written
  --only NAME  this suite alone; can be given several times
  --help       this text

Without --quick and --compare docs/benchmarks.md and its plots are written. The exit code is 0 when every bar was met.
TEST_DATABASE_URL and TEST_REDIS_URL name servers to use; otherwise it starts its own, and removes them at the end.
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

remove_services() {
  stop_services
  delete_services_data
  rm -rf "${STATE_DIR:?}"
}

provide_services() {
  if [ -n "${TEST_DATABASE_URL:-}" ] && [ -n "${TEST_REDIS_URL:-}" ]; then
    ok 'the servers that TEST_DATABASE_URL and TEST_REDIS_URL name'
    return
  fi
  unset DATABASE_URL REDIS_URL
  if ! have_programs && docker_answers; then choose_services docker; else choose_services native; fi
  provide_programs
  CLEANUPS+=(remove_services)
  start_services
  TEST_DATABASE_URL="$(own_database_url)"
  TEST_REDIS_URL="$(own_redis_url)"
  export TEST_DATABASE_URL TEST_REDIS_URL
}

cd "$ROOT"
expect_steps 3
echo 'Donkey Workspace: benchmarks'
trap 'on_exit "$?"' EXIT
prepare_local
use_profile throwaway-bench

step 'Node 24 and npm packages'
lock_bootstrap
install_packages

step 'PostgreSQL and Redis for the benchmarks'
provide_services
unlock_bootstrap

step 'benchmarks'
if node scripts/bench/main.ts "$@"; then exit 0; fi
said_why
exit 1
