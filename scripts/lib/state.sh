# shellcheck shell=bash
# What was chosen once for a set of services and must stay: ports, passwords, kind and place. There are two sets,
# "main" for the set-up and "test" for the test command, which may run side by side, and "throwaway-NAME" for tests that
# kill their servers.

# Every name that is remembered. KIND is native or docker; DATABASE and REDIS are own or given.
STATE_NAMES=(KIND DATABASE REDIS PG_BIN PG_PORT PG_PASSWORD APP_PASSWORD REDIS_PORT REDIS_PASSWORD DATA_DIR)

use_profile() {
  PROFILE="$1"
  STATE_DIR="$LOCAL/$PROFILE"
  STATE_FILE="$STATE_DIR/services.env"
  load_state
}

load_state() {
  local name
  for name in "${STATE_NAMES[@]}"; do printf -v "$name" '%s' ''; done
  # shellcheck disable=SC1090
  if [ -f "$STATE_FILE" ]; then . "$STATE_FILE"; fi
}

save_state() {
  local name
  mkdir -p "$STATE_DIR"
  (
    umask 077
    for name in "${STATE_NAMES[@]}"; do printf '%s=%q\n' "$name" "${!name}"; done >"$STATE_FILE.new"
  )
  mv "$STATE_FILE.new" "$STATE_FILE"
}

random_hex() { node -p 'require("node:crypto").randomBytes(24).toString("hex")'; }
free_port() { node "$ROOT/scripts/services/free-port.ts" "$@"; }
is_free() { [ "$(free_port "$1")" = "$1" ]; }

# A short name for this checkout, so that two checkouts on one host never share a directory or a container.
checkout_id() { node -p 'require("node:crypto").createHash("sha256").update(process.argv[1]).digest("hex").slice(0, 10)' "$ROOT"; }

# The checkout's name, and for services that come and go one that is theirs alone.
profile_id() {
  case "$PROFILE" in
    throwaway-*) node -p 'require("node:crypto").createHash("sha256").update(process.argv[1]).digest("hex")' "$ROOT$PROFILE" ;;
    *) checkout_id ;;
  esac
}

# first_port BASE: where the search for a free port starts; another place for each checkout, because the services of
# another one may be stopped just now and would miss their port later.
first_port() {
  local base="$1"
  case "$PROFILE" in
    test) base=$((base + 10000)) ;;
    throwaway-*) base=$((base + 12000)) ;;
  esac
  echo $((base + 16#$(profile_id | cut -c 1-6) % 1000))
}

# Ports below the range from which outgoing connections are given theirs.
choose_ports_and_passwords() {
  [ -n "$PG_PORT" ] || PG_PORT="$(free_port "$(first_port 15000)")"
  [ -n "$REDIS_PORT" ] || REDIS_PORT="$(free_port "$(first_port 16000)")"
  [ -n "$PG_PASSWORD" ] || PG_PASSWORD="$(random_hex)"
  [ -n "$APP_PASSWORD" ] || APP_PASSWORD="$(random_hex)"
  [ -n "$REDIS_PASSWORD" ] || REDIS_PASSWORD="$(random_hex)"
  save_state
}

# The product's role owns one database; the tests' role makes databases and extensions of its own.
own_database_url() {
  if [ "$PROFILE" != main ]; then
    echo "postgres://postgres:$PG_PASSWORD@127.0.0.1:$PG_PORT/postgres"
  else
    echo "postgres://donkey:$APP_PASSWORD@127.0.0.1:$PG_PORT/donkey"
  fi
}
own_redis_url() { echo "redis://:$REDIS_PASSWORD@127.0.0.1:$REDIS_PORT/0"; }
