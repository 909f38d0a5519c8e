#!/usr/bin/env bash
# Brings an installation to the code of this checkout: a backup first, then the schema, then the processes.
set -euo pipefail

# shellcheck source=../lib/ui.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/ui.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/ops/upgrade.sh --backups FOLDER [--compose | --host] [--pull]

Run it after "git pull" (or after DONKEY_IMAGE in .env names a newer image). In this order: is there room; a backup, which is
read again; the new image or packages; the schema, while the old processes still work; workers, then the API; and a wait
until all are ready. It stops at the first step that fails, and says how to go back.

  --backups FOLDER  where the backup goes; it should be on another disk
  --compose         an installation of docker-compose.yml (the default)
  --host            an installation of ops/systemd: run it as root
  --pull            fetches the image that DONKEY_IMAGE names instead of building one
  --help            this text

Environment:
  READY_SECONDS     the longest wait for processes that are started (180)
  HOST_BACKUPS      where donkey-backup.service writes (/var/backups/donkey-workspace)
HELP
}

KIND=compose
BACKUPS=''
PULL=no
READY_SECONDS="${READY_SECONDS:-180}"
HOST_BACKUPS="${HOST_BACKUPS:-/var/backups/donkey-workspace}"
KEPT_IMAGE=donkey-workspace:before-upgrade
while [ "$#" -gt 0 ]; do
  case "$1" in
    --backups)
      BACKUPS="${2:-}"
      if [ "$#" -gt 1 ]; then shift; fi
      ;;
    --compose) KIND=compose ;;
    --host) KIND=host ;;
    --pull) PULL=yes ;;
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

# of_file NAME FILE: what the file says last, or nothing.
of_file() { { [ ! -f "$2" ] || sed -n "s/^$1=//p" "$2"; } | tail -n 1; }

IMAGE="${DONKEY_IMAGE:-$(of_file DONKEY_IMAGE "$ROOT/.env")}"
IMAGE="${IMAGE:-donkey-workspace:local}"
BACKUP=''

compose() { docker compose --project-directory "$ROOT" "$@"; }
in_postgres() { compose exec -T postgres "$@"; }

# free_bytes FOLDER
free_bytes() { df --output=avail -B1 "$1" | tail -n 1 | tr -d ' '; }
gigabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f GB", bytes / 1e9 }'; }

require_room() {
  local size free
  [ -n "$BACKUPS" ] || fail 'there is no place for the backup' 'name one with --backups FOLDER'
  mkdir -p "$BACKUPS" || fail "$BACKUPS cannot be made" 'name a folder that this user may write to'
  size="$("database_size_$KIND")" || fail 'the database does not answer' 'start it; nothing was changed'
  free="$(free_bytes "$BACKUPS")"
  [ "$free" -gt "$size" ] ||
    fail "$BACKUPS has $(gigabytes "$free") left, and the database has $(gigabytes "$size")" 'make room or name another folder; nothing was changed'
  ok "the database has $(gigabytes "$size"), $BACKUPS has $(gigabytes "$free") left"
}

database_size_compose() { in_postgres psql -U donkey -d donkey -AtXc 'select pg_database_size(current_database())'; }
# Nobody asks the database here, which may be elsewhere: a new backup is about as large as the one before.
database_size_host() { { du -sxB1 "$HOST_BACKUPS" 2>/dev/null || true; } | awk '{ size = $1 } END { print size + 0 }'; }

back_up_compose() {
  BACKUP="$BACKUPS/donkey-$(date -u +%Y%m%dT%H%M%SZ).dump"
  (umask 077 && in_postgres pg_dump -U donkey -d donkey --format=custom >"$BACKUP.part") ||
    fail 'the backup did not succeed' "see the lines above; nothing was changed, $BACKUP.part can be removed"
  in_postgres pg_restore --list <"$BACKUP.part" | grep -q 'TABLE DATA public documents ' ||
    fail 'the backup cannot be read again' "nothing was changed; $BACKUP.part can be removed"
  mv "$BACKUP.part" "$BACKUP"
}

# Its unit has the secrets, and says where it writes.
back_up_host() {
  local newest
  systemctl start donkey-backup.service || fail 'the backup did not succeed' 'see "journalctl -u donkey-backup"; nothing was changed'
  newest="$(find "$HOST_BACKUPS" -mindepth 1 -maxdepth 1 -name 'donkey-*' | sort | tail -n 1)"
  [ -n "$newest" ] || fail "there is no backup in $HOST_BACKUPS" 'see "journalctl -u donkey-backup"; nothing was changed'
  cp -a "$newest" "$BACKUPS/" || fail "the backup could not be copied to $BACKUPS" "it is in $newest; nothing was changed"
  BACKUP="$BACKUPS/${newest##*/}"
}

renew_compose() {
  docker image tag "$IMAGE" "$KEPT_IMAGE" 2>/dev/null || note "there is no $IMAGE yet, and so no way back to it"
  if [ "$PULL" = yes ]; then compose pull api; else compose build --pull api; fi ||
    fail 'there is no new image' 'see the lines above; the old processes still work'
}

renew_host() {
  (cd "$ROOT" && npm ci --no-audit --no-fund) || fail 'npm ci did not succeed' 'the old processes still work; run the command again'
}

migrate_compose() { compose run --rm --no-deps migrate; }
migrate_host() { systemctl restart donkey-migrate.service; }

# As many workers as there are now; each gives its jobs back and is replaced.
restart_compose() {
  local workers
  workers="$(compose ps --quiet worker | grep -c . || true)"
  if [ "$workers" = 0 ]; then workers=1; fi
  compose up -d --no-deps --wait --wait-timeout "$READY_SECONDS" --scale "worker=$workers" worker &&
    compose up -d --no-deps --wait --wait-timeout "$READY_SECONDS" api
}

restart_host() { systemctl try-restart 'donkey-worker@*.service' && systemctl restart donkey-api.service && wait_host; }

wait_host() {
  local left="$READY_SECONDS" port
  port="$(of_file PORT /etc/donkey-workspace/settings.env)"
  until PORT="${port:-3000}" node "$ROOT/scripts/services/healthcheck.ts" api; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 1
  done
}

say_way_back_compose() {
  note 'to go back to the old code, which works with the new schema as long as it is one version older:'
  note "  docker image tag $KEPT_IMAGE $IMAGE"
  note '  docker compose up -d --no-build --no-deps api worker'
  note 'to go back to the old data as well, which loses what came since:'
  note "  docker compose stop api worker && docker compose exec -T postgres dropdb -U donkey --maintenance-db=postgres --force donkey"
  note "  docker compose exec -T postgres createdb -U donkey --maintenance-db=postgres donkey"
  note "  docker compose exec -T postgres pg_restore -U donkey -d donkey --exit-on-error <$BACKUP"
  note '  and then the two commands of the old code'
}

say_way_back_host() {
  note 'to go back to the old code, which works with the new schema as long as it is one version older:'
  note '  git checkout the old version; npm ci; systemctl restart donkey.target'
  note "to go back to the old data as well, which loses what came since: ./scripts/restore.sh, of $BACKUP"
}

echo 'Donkey Workspace: upgrade'
expect_steps 5
cd "$ROOT"

step 'Room for a backup'
require_room

step 'Backup'
"back_up_$KIND"
ok "$BACKUP"

step 'New code'
"renew_$KIND"

step 'Schema'
"migrate_$KIND" || { "say_way_back_$KIND" && fail 'the migrations did not succeed' 'each is all or nothing; the old processes still work. Mend the cause and run the command again'; }

step 'Processes'
"restart_$KIND" || { "say_way_back_$KIND" && fail 'the new processes are not ready' 'see "docker compose logs api worker" or "journalctl -u donkey-api", and go back as above'; }
ok 'API and workers are ready'
"say_way_back_$KIND"
