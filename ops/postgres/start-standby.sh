#!/usr/bin/env bash
# Starts a standby that follows the primary, at first from a copy of it.
# Needs PRIMARY_HOST and PGDATA, and the password of the role replicator in SECRETS (/run/secrets). Arguments go to postgres.
set -euo pipefail

SECRETS="${SECRETS:-/run/secrets}"
USER_OF_POSTGRES="${USER_OF_POSTGRES:-postgres}"

# Root only gives the directory away.
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown "$USER_OF_POSTGRES" "$PGDATA"
  chmod 700 "$PGDATA"
  if [ -w /var/run/postgresql ]; then chown "$USER_OF_POSTGRES" /var/run/postgresql; fi
  exec setpriv --reuid "$USER_OF_POSTGRES" --regid "$(id -g "$USER_OF_POSTGRES")" --init-groups "$0" "$@"
fi

password="$(cat "$SECRETS/replication_password")"
if [ ! -s "$PGDATA/PG_VERSION" ] || [ -e "$PGDATA/copying" ]; then
  # A copy that was broken off is begun again.
  find "$PGDATA" -mindepth 1 -delete
  PGPASSWORD="$password" pg_basebackup --host "$PRIMARY_HOST" --port "${PRIMARY_PORT:-5432}" --username replicator \
    --pgdata "$PGDATA/copying" --wal-method stream --slot standby --checkpoint fast
  find "$PGDATA/copying" -mindepth 1 -maxdepth 1 -exec mv --target-directory "$PGDATA" {} +
  rmdir "$PGDATA/copying"
fi

# Each time anew, because the password may have changed meanwhile.
umask 077
printf '%s:%s:replication:replicator:%s\n' '*' '*' "$(printf '%s' "$password" | sed 's/[\\:]/\\&/g')" >"$PGDATA/replication.pgpass"
touch "$PGDATA/standby.signal"
exec postgres -D "$PGDATA" \
  -c "primary_conninfo=host=$PRIMARY_HOST port=${PRIMARY_PORT:-5432} user=replicator passfile=$PGDATA/replication.pgpass" \
  -c primary_slot_name=standby "$@"
