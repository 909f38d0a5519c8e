# shellcheck shell=bash
# PostgreSQL and Redis in containers of this checkout, published on loopback.

# The client alone is not enough: an engine has to answer, and compose has to be there.
docker_answers() {
  command -v docker >/dev/null 2>&1 && docker info >/dev/null 2>&1 </dev/null && docker compose version >/dev/null 2>&1
}

compose() {
  SECRETS_DIR="$STATE_DIR/secrets" POSTGRES_PORT="$PG_PORT" REDIS_PORT="$REDIS_PORT" \
    docker compose --project-directory "$ROOT" -p "donkey-workspace-$(checkout_id)-$PROFILE" \
    -f "$ROOT/docker-compose.yml" -f "$ROOT/scripts/lib/compose-loopback-ports.yml" "$@"
}

start_containers() {
  SECRETS_DIR="$STATE_DIR/secrets" POSTGRES_PASSWORD="$APP_PASSWORD" REDIS_PASSWORD="$REDIS_PASSWORD" \
    logged "secrets-$PROFILE" "$ROOT/scripts/ops/make-secrets.sh" || fail 'the secrets of the containers could not be written' "see $LOGS/secrets-$PROFILE.log"
  logged "compose-$PROFILE" compose up -d --wait --wait-timeout 180 "$@" ||
    fail "docker compose could not start $*" "see $LOGS/compose-$PROFILE.log, or use --native"
}
