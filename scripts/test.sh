#!/usr/bin/env bash
# Proves the product: static checks, then all tests with coverage, on services of the tests' own.
set -euo pipefail

# shellcheck source=lib/load.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/test.sh [--fast] [--promises] [--only PATTERN] [--keep]

Works on a fresh clone with Node.js 20 or later and npm, beside a running set-up: it makes PostgreSQL and Redis of its
own under .local/test and stops them at the end. The last line is "N passed, N failed".

  --fast          only the tests: no type check, lint, format, architecture or .env.example check
  --only PATTERN  only test files whose path contains PATTERN; coverage is shown but not enforced
  --promises      only what is called "promise N", with its full numbers, which are printed; tests/promises is read as well.
                  No static checks and no coverage; --only N picks one promise
  --keep          leaves the services running, for the next run
  --help          this text

Environment:
  TEST_DATABASE_URL, TEST_REDIS_URL   use these servers and start none; the role must be allowed to create databases
                                      and extensions
HELP
}

FAST=no
ONLY=''
KEEP=no
PROMISES=no
while [ "$#" -gt 0 ]; do
  case "$1" in
    --fast) FAST=yes ;;
    --promises)
      FAST=yes
      PROMISES=yes
      ;;
    --keep) KEEP=yes ;;
    --only)
      ONLY="${2:?--only needs a pattern}"
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      fail "unknown argument $1" 'use one of the arguments above'
      ;;
  esac
  shift
done

FAILED_CHECKS=()

# check NAME COMMAND...: a failing check does not hide the results of the ones after it.
check() {
  local name="$1"
  shift
  step "$name"
  if "$@" </dev/null; then ok "$name"; else
    FAILED_CHECKS+=("$name")
    note "FAILED: $name (command: $*)"
  fi
}

static_checks() {
  check 'types' tsc --noEmit
  check 'lint' eslint --max-warnings 0 .
  check 'OpenAPI rules' npm run --silent lint:openapi
  check 'format' prettier --check --log-level warn .
  check 'architecture' npm run --silent architecture
  check '.env.example is in step with the settings' node scripts/env-file.ts example --check
}

stop_test_services() { stop_services; }

provide_services() {
  if [ -n "${TEST_DATABASE_URL:-}" ] && [ -n "${TEST_REDIS_URL:-}" ]; then
    ok 'the servers that TEST_DATABASE_URL and TEST_REDIS_URL name'
    unlock_bootstrap
    return
  fi
  # What the set-up uses must never be what tests write to.
  unset DATABASE_URL REDIS_URL
  if ! have_programs && docker_answers; then choose_services docker; else choose_services native; fi
  provide_programs
  unlock_bootstrap
  [ "$KEEP" = yes ] || CLEANUPS+=(stop_test_services)
  start_services
  TEST_DATABASE_URL="$(own_database_url)"
  TEST_REDIS_URL="$(own_redis_url)"
  export TEST_DATABASE_URL TEST_REDIS_URL
  DATABASE_URL="$TEST_DATABASE_URL" REDIS_URL="$TEST_REDIS_URL" node scripts/services/check-servers.ts ||
    fail 'a test server cannot be used' 'see the line above; remove .local/test and try again'
}

find_test_files() {
  local file
  TEST_FILES=()
  while read -r file; do
    [ -z "$ONLY" ] || [[ "$file" == *"$ONLY"* ]] || continue
    TEST_FILES+=("$file")
  done < <(find tests -name '*.test.ts' -type f | sort)
  [ "${#TEST_FILES[@]}" -gt 0 ] || fail "no test file matches ${ONLY:-tests/**/*.test.ts}" 'leave --only out to run all tests'
}

# c8 collects the coverage of child processes too: the API, the workers and the text extraction that tests start.
run_tests() {
  local folder coverage=(--reporter text-summary --reporter lcov --all --extension .ts --clean)
  for folder in api worker shared db; do coverage+=(--include "$folder/**/*.ts"); done
  if [ -z "$ONLY" ]; then coverage+=(--check-coverage --lines 80 --branches 80 --functions 0 --statements 0); fi
  find_test_files
  rm -f "$RESULTS"
  NODE_ENV="test" c8 "${coverage[@]}" node --test --test-concurrency=2 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$RESULTS" "${TEST_FILES[@]}" </dev/null
}

# One by one and without coverage, for some of them take the time.
run_promises() {
  local pattern="promise ${ONLY:-[0-9]+}\\b" file
  TEST_FILES=()
  while read -r file; do
    if grep -qE "$pattern" "$file"; then TEST_FILES+=("$file"); fi
  done < <({ find tests -name '*.test.ts' && find tests/promises -name '*.promise.ts'; } | sort)
  [ "${#TEST_FILES[@]}" -gt 0 ] || fail "no test is called promise ${ONLY:-N}" 'leave --only out to run all of them'
  rm -f "$RESULTS"
  NODE_ENV="test" node --test --test-concurrency=1 --test-name-pattern="/$pattern/" \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$RESULTS" "${TEST_FILES[@]}" </dev/null
}

# The runner's own totals, from the last lines of its TAP report.
total() { tail -n 20 "$RESULTS" 2>/dev/null | sed -n "s/^# $1 \([0-9][0-9]*\)$/\1/p" | tail -n 1; }

conclude() {
  local passed failed
  passed="$(total pass)"
  failed=$(($(total fail || echo 0) + $(total cancelled || echo 0) + 0))
  if [ "$TESTS_CODE" -ne 0 ] && [ "$failed" -eq 0 ]; then
    if [ -z "$passed" ]; then FAILED_CHECKS+=('the test runner itself'); else FAILED_CHECKS+=('coverage (at least 80 % of lines and of branches)'); fi
  fi
  failed=$((failed + ${#FAILED_CHECKS[@]}))
  echo
  if [ "$failed" -gt 0 ]; then
    local name
    for name in "${FAILED_CHECKS[@]+"${FAILED_CHECKS[@]}"}"; do echo "failed check: $name"; done
    echo 'Hint: look for "failing tests" above; ./scripts/test.sh --fast --only PATTERN repeats one file. A failed check counts as one failure.'
  fi
  SUMMARY="${passed:-0} passed, $failed failed"
  [ "$failed" -eq 0 ]
}

cd "$ROOT"
expect_steps 8
if [ "$FAST" = yes ]; then expect_steps 3; fi
echo 'Donkey Workspace: tests'
# Whatever happens, the counts are the last line.
SUMMARY='0 passed, 1 failed'
trap 'on_exit "$?"; echo "$SUMMARY"' EXIT
prepare_local
use_profile test
RESULTS="$LOCAL/test-results.tap"

step 'Node 24 and npm packages'
lock_bootstrap
install_packages

step 'PostgreSQL and Redis for the tests'
provide_services

if [ "$FAST" = no ]; then static_checks; fi

step 'tests'
TESTS_CODE=0
if [ "$PROMISES" = yes ]; then run_promises || TESTS_CODE=$?; else run_tests || TESTS_CODE=$?; fi
if conclude; then exit 0; fi
said_why
exit 1
