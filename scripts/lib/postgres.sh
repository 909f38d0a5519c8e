# shellcheck shell=bash
# The project's own PostgreSQL cluster: loopback only, password only, never as root.

postgres_home() { echo "$DATA_DIR/postgres"; }
owner_of() { stat -c %U "$1" 2>/dev/null || stat -f %Su "$1"; }

# service_user NAME DIRECTORY: whoever owns the directory already; else the given system user when run by root, else the caller.
service_user() {
  if [ -d "$2" ]; then
    owner_of "$2"
  elif is_root; then
    if id -u "$1" >/dev/null 2>&1; then echo "$1"; else echo nobody; fi
  else
    id -un
  fi
}

# make_service_directory USER DIRECTORY
make_service_directory() {
  [ -d "$2" ] && return
  mkdir -p "$2" 2>/dev/null || as_root mkdir -p "$2"
  chmod 700 "$2"
  if [ "$1" != "$(id -un)" ]; then chown "$1" "$2"; fi
}

# write_private USER FILE: writes standard input to a file that only that user can read.
write_private() {
  # shellcheck disable=SC2016
  as_user "$1" sh -c 'umask 077; cat >"$1"' sh "$2"
}

# Data that an earlier clone at this place left behind has another password and may still be in use.
unused_directory() {
  local directory="$1" number=1
  while [ -e "$directory" ]; do
    number=$((number + 1))
    directory="$1-$number"
  done
  echo "$directory"
}

# The data lies in .local, or beside other services' data where the service users cannot enter the checkout.
choose_data_directory() {
  if [ -z "$DATA_DIR" ]; then
    local user
    user="$(service_user postgres /nonexistent)"
    mkdir -p "$STATE_DIR"
    chmod 755 "$STATE_DIR"
    DATA_DIR="$STATE_DIR"
    if ! as_user "$user" test -x "$STATE_DIR"; then
      DATA_DIR="$(unused_directory "/var/lib/donkey-workspace-$(checkout_id)-$PROFILE")"
      note "user $user cannot enter $ROOT, so the data lies in $DATA_DIR"
    fi
    save_state
  fi
  if [ ! -d "$DATA_DIR" ]; then
    mkdir -p "$DATA_DIR"
    chmod 755 "$DATA_DIR"
  fi
}

postgres_user() { service_user postgres "$(postgres_home)"; }
pg() {
  local program="$1"
  shift
  as_user "$(postgres_user)" env LC_ALL=C "$PG_BIN/$program" "$@"
}

postgres_running() { [ -d "$(postgres_home)/data" ] && pg pg_ctl -D "$(postgres_home)/data" status >/dev/null 2>&1; }

# After a crash of the host the process id in the lock file may belong to another program, which PostgreSQL takes for
# a running server. A process that is simply gone is left to PostgreSQL, which knows what else to check.
forget_other_process() {
  local lock pid
  lock="$(postgres_home)/data/postmaster.pid"
  pid="$(as_user "$(postgres_user)" head -n 1 "$lock" 2>/dev/null || true)"
  if [ -z "$pid" ] || [ ! -d "/proc/$pid" ]; then return 0; fi
  if tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "-D $(postgres_home)/data"; then return 0; fi
  as_user "$(postgres_user)" rm -f "$lock"
}

initialise_cluster() {
  local home user locale=C.UTF-8
  home="$(postgres_home)"
  user="$(postgres_user)"
  make_service_directory "$user" "$home"
  if as_user "$user" test -f "$home/data/PG_VERSION"; then return; fi
  if [ "$(uname -s)" = Darwin ]; then locale=en_US.UTF-8; fi
  # An initdb that was interrupted leaves a directory that cannot be used; only a finished one gets the real name.
  as_user "$user" rm -rf "$home/data.new" "$home/password"
  printf '%s\n' "$PG_PASSWORD" | write_private "$user" "$home/password"
  logged initdb pg initdb -D "$home/data.new" --username=postgres --pwfile="$home/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale="$locale" ||
    fail 'the PostgreSQL cluster could not be made' "see $LOGS/initdb.log"
  as_user "$user" rm -f "$home/password"
  cluster_settings | as_user "$user" tee -a "$home/data.new/postgresql.conf" >/dev/null
  as_user "$user" mv "$home/data.new" "$home/data"
}

cluster_settings() {
  echo "# Donkey Workspace"
  echo "listen_addresses = '127.0.0.1'"
  echo "unix_socket_directories = ''"
  echo 'max_connections = 200'
  if [ "$PROFILE" = main ]; then return; fi
  echo '# Test data may be lost in a crash of the host.'
  echo 'fsync = off'
  echo 'full_page_writes = off'
  # A server that is killed on purpose must still have what it committed.
  if [ "$PROFILE" = test ]; then echo 'synchronous_commit = off'; fi
}

# Tests and benchmarks look at what statements take; a server without the library serves all the same.
statement_times() {
  local library
  if [ "$PROFILE" = main ]; then return; fi
  for library in "$PG_BIN"/../lib/pg_stat_statements.* "$PG_BIN"/../lib/postgresql/pg_stat_statements.*; do
    if [ -f "$library" ]; then
      echo '-c shared_preload_libraries=pg_stat_statements'
      return
    fi
  done
}

start_postgres() {
  local home
  home="$(postgres_home)"
  initialise_cluster
  forget_other_process
  if postgres_running; then return; fi
  settle_port PG_PORT 15000 PostgreSQL
  logged pg-start pg pg_ctl -D "$home/data" -l "$home/postgres.log" -o "-p $PG_PORT $(statement_times)" -w -t 120 start ||
    fail 'PostgreSQL did not start' "see $home/postgres.log"
}

stop_postgres() {
  [ -n "$DATA_DIR" ] && postgres_running || return 0
  logged pg-stop pg pg_ctl -D "$(postgres_home)/data" -m fast -w -t 60 stop ||
    fail 'PostgreSQL did not stop' "see $(postgres_home)/postgres.log"
}

# settle_port NAME BASE WHAT: the test services may move to another port; the set-up's port is written in .env.
settle_port() {
  is_free "${!1}" && return
  [ "$PROFILE" = test ] ||
    fail "port ${!1}, chosen for $3, is taken by another program" "stop that program, or run ./scripts/services.sh reset --all to choose new ports (it deletes the data)"
  printf -v "$1" '%s' "$(free_port "$(first_port "$2")")"
  save_state
}

sql() { PGPASSWORD="$PG_PASSWORD" "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$PG_PORT" -U postgres "$@"; }

# The product's role owns its database and nothing else; pgvector needs a superuser to be installed.
prepare_database() {
  logged database create_role_and_database || fail 'the database could not be prepared' "see $LOGS/database.log"
}

create_role_and_database() {
  if [ -z "$(sql -d postgres -c "select 1 from pg_roles where rolname = 'donkey'")" ]; then
    sql -d postgres <<<"create role donkey login password '$APP_PASSWORD'" || return 1
  fi
  if [ -z "$(sql -d postgres -c "select 1 from pg_database where datname = 'donkey'")" ]; then
    sql -d postgres -c 'create database donkey owner donkey' || return 1
  fi
  sql -d donkey <<<'set client_min_messages = warning; create extension if not exists vector;'
}
