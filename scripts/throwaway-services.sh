#!/usr/bin/env bash
# A PostgreSQL and a Redis for one test that kills them: data, ports and passwords of their own.
set -euo pipefail

# shellcheck source=lib/load.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/throwaway-services.sh NAME start | start-postgres | stop-postgres | restart-postgres | start-redis |
                                             empty-redis | start-standby | stop-standby | archive |
                                             copy-base | recover TIME | remove

  start            makes both and starts them; prints their URLs and where their process ids stand
  start-postgres   starts PostgreSQL again, after a stop or a crash
  stop-postgres    stops it as an operator does
  restart-postgres stops and starts it in one go, as for a new setting
  start-redis      starts Redis again, with what its append-only file holds
  empty-redis      deletes that file, while Redis does not run
  start-standby    starts a standby that follows PostgreSQL, at first from a copy of it; prints its URL
  stop-standby     stops it at once, without a word to anybody
  archive          has PostgreSQL keep its write-ahead log in an archive from now on
  copy-base        copies the running PostgreSQL, for a recovery to start from
  recover TIME     starts what it copied as a second server, as it was at that time; prints its URL
  remove           stops all and deletes everything

NAME keeps several apart. Exit code 3: this host does not have the programs.
HELP
}

say_where() {
  printf 'DATABASE_URL=%s\n' "$(own_database_url)"
  printf 'REDIS_URL=%s\n' "$(own_redis_url)"
  printf 'POSTGRES_PID_FILE=%s\n' "$(postgres_home)/data/postmaster.pid"
  printf 'REDIS_PID_FILE=%s\n' "$(redis_home)/redis.pid"
}

start_both() {
  if ! have_programs; then
    said_why
    exit 3
  fi
  # shellcheck disable=SC2034 # read by lib/services.sh
  KIND=native
  DATABASE=own
  REDIS=own
  choose_ports_and_passwords
  choose_data_directory >&2
  start_postgres
  start_redis
  save_state
  say_where
}

restart_postgres() { logged pg-restart pg pg_ctl -D "$(postgres_home)/data" -l "$(postgres_home)/postgres.log" -m fast -w -t 120 restart; }

empty_redis() { as_user "$(redis_user)" rm -rf "$(redis_home)/appendonlydir"; }

standby_data() { echo "$(postgres_home)/standby"; }

start_standby() {
  local data user port=''
  data="$(standby_data)"
  user="$(postgres_user)"
  if ! as_user "$user" test -f "$data/PG_VERSION"; then
    port="$(free_port "$(first_port 17000)")"
    logged standby-copy as_user "$user" env LC_ALL=C PGPASSWORD="$PG_PASSWORD" "$PG_BIN/pg_basebackup" -h 127.0.0.1 \
      -p "$PG_PORT" -U postgres -D "$data" -R -X stream -c fast
    printf 'port = %s\n' "$port" | as_user "$user" tee -a "$data/postgresql.auto.conf" >/dev/null
  fi
  logged standby-start pg pg_ctl -D "$data" -l "$(postgres_home)/standby.log" -w -t 120 start
  port="$(as_user "$user" sed -n 's/^port = //p' "$data/postgresql.auto.conf" | tail -n 1)"
  own_database_url | sed "s/:$PG_PORT\//:$port\//; s/^/STANDBY_URL=/"
}

archive_directory() { echo "$(postgres_home)/archive"; }

# docs/backup.md gives operators the same settings.
start_archive() {
  local user data
  user="$(postgres_user)"
  data="$(postgres_home)/data"
  as_user "$user" mkdir -p "$(archive_directory)"
  as_user "$user" tee -a "$data/postgresql.auto.conf" >/dev/null <<SETTINGS
archive_mode = on
archive_command = 'test ! -f "$(archive_directory)/%f" && cp "%p" "$(archive_directory)/%f"'
SETTINGS
  restart_postgres
}

copy_base() {
  logged base-copy as_user "$(postgres_user)" env LC_ALL=C PGPASSWORD="$PG_PASSWORD" "$PG_BIN/pg_basebackup" -h 127.0.0.1 \
    -p "$PG_PORT" -U postgres -D "$(standby_data)" -X stream -c fast
}

recover_to() {
  local data user port
  data="$(standby_data)"
  user="$(postgres_user)"
  port="$(free_port "$(first_port 17000)")"
  as_user "$user" tee -a "$data/postgresql.auto.conf" >/dev/null <<SETTINGS
port = $port
archive_mode = off
restore_command = 'cp "$(archive_directory)/%f" "%p"'
recovery_target_time = '$1'
recovery_target_action = 'promote'
SETTINGS
  as_user "$user" touch "$data/recovery.signal"
  start_standby
}

stop_standby() {
  as_user "$(postgres_user)" test -f "$(standby_data)/postmaster.pid" || return 0
  logged standby-stop pg pg_ctl -D "$(standby_data)" -m immediate -w -t 60 stop
}

remove_both() {
  stop_standby
  stop_services
  delete_services_data
  rm -rf "${STATE_DIR:?}"
}

NAME="${1:-}"
COMMAND="${2:-}"
cd "$ROOT"
prepare_local
use_profile "throwaway-$NAME"
case "$COMMAND" in
  start) start_both ;;
  start-postgres) start_postgres ;;
  stop-postgres) stop_postgres ;;
  restart-postgres) restart_postgres ;;
  start-redis) start_redis ;;
  empty-redis) empty_redis ;;
  start-standby) start_standby ;;
  stop-standby) stop_standby ;;
  archive) start_archive ;;
  copy-base) copy_base ;;
  recover) recover_to "${3:?the time}" ;;
  remove) remove_both ;;
  *)
    usage >&2
    exit 2
    ;;
esac
