#!/usr/bin/env bash
# Makes the files that docker-compose.yml hands to containers as secrets. Needs neither Node nor an engine.
set -euo pipefail

usage() {
  cat <<'HELP'
Usage: ./scripts/ops/make-secrets.sh [--replica]

Writes a file for each secret into ./secrets: what the environment or .env gives, else a random value, else, where a secret
is optional, nothing at all, which means that it is not set. What is there already is not changed. Only root and
you can enter the directory; the files themselves can be read by the users of the containers, to whom they are mounted.

  --replica   names the standby of the profile "replica" in database_replica_urls, where that file is empty
  --help      this text

Environment:
  SECRETS_DIR   another directory than ./secrets
  any secret    by the name of its setting, such as SMTP_URL
HELP
}

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
SECRETS_DIR="${SECRETS_DIR:-$ROOT/secrets}"
MADE=()

random() { head -c "$1" /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

# The value of .env, without quotes; the last line counts, as everywhere.
of_env_file() {
  [ -f "$ROOT/.env" ] || return 0
  sed -n "s/^$1=//p" "$ROOT/.env" | tail -n 1 | sed -E "s/^\"(.*)\"$/\1/; s/^'(.*)'$/\1/"
}

path_of() { echo "$SECRETS_DIR/${1,,}"; }

# A file that was left half-written by a full disk does not look like a finished one.
write_secret() {
  local path
  path="$(path_of "$1")"
  printf '%s' "$2" >"$path.new"
  chmod 444 "$path.new"
  mv "$path.new" "$path"
  MADE+=("${path##*/}")
}

# secret NAME OTHERWISE: what the environment says, else .env, else the second argument.
secret() {
  local value
  [ ! -e "$(path_of "$1")" ] || return 0
  value="${!1:-}"
  [ -n "$value" ] || value="$(of_env_file "$1")"
  write_secret "$1" "${value:-$2}"
}

# address NAME OTHERWISE: .env names servers as the host sees them, which a container does not.
address() {
  [ ! -e "$(path_of "$1")" ] || return 0
  write_secret "$1" "${!1:-$2}"
}

REPLICA=no
case "${1:-}" in
  '') ;;
  --replica) REPLICA=yes ;;
  --help | -h)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

mkdir -p "$SECRETS_DIR"
chmod 700 "$SECRETS_DIR"
umask 077

secret POSTGRES_PASSWORD "$(random 24)"
secret REPLICATION_PASSWORD "$(random 24)"
secret REDIS_PASSWORD "$(random 24)"
secret GRAFANA_PASSWORD "$(random 18)"
database="postgres://donkey:$(cat "$(path_of POSTGRES_PASSWORD)")"
redis="redis://:$(cat "$(path_of REDIS_PASSWORD)")"
address DATABASE_URL "$database@postgres:5432/donkey"
address DATABASE_DIRECT_URL ''
address DATABASE_REPLICA_URLS ''
address REDIS_URL "$redis@redis:6379/0"
address REDIS_CACHE_URL "$redis@redis-cache:6379/0"
if [ "$REPLICA" = yes ] && [ ! -s "$(path_of DATABASE_REPLICA_URLS)" ]; then
  write_secret DATABASE_REPLICA_URLS "$database@postgres-standby:5432/donkey"
fi
# 32 random bytes are a key of Ed25519 as well as one of AES.
secret AUTH_SIGNING_KEYS "$(random 32)"
secret CREDENTIAL_KEYS "k1:$(random 32)"
secret CSRF_SECRET "$(random 48)"
secret ADMIN_PASSWORD "$(random 18)"
for name in SMTP_URL EMBEDDING_API_KEY EMBEDDING_NEXT_API_KEY COMPLETION_API_KEY; do secret "$name" ''; done

if [ "${#MADE[@]}" -eq 0 ]; then
  echo "All secrets are there already, in $SECRETS_DIR."
else
  echo "Written to $SECRETS_DIR: ${MADE[*]}."
  echo 'Keep a copy where the backups are not: without credential_keys, what it encrypted is lost.'
fi
