# shellcheck shell=bash
# The project's own Redis: loopback only, with a password, an append-only file, and no eviction (the queue lives in it).

redis_home() { echo "$DATA_DIR/redis"; }
redis_user() { service_user redis "$(redis_home)"; }
redis_call() { REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli --no-auth-warning -h 127.0.0.1 -p "$REDIS_PORT" "$@" 2>/dev/null; }
redis_running() { [ -n "$REDIS_PORT" ] && [ "$(redis_call ping)" = PONG ]; }

redis_settings() {
  cat <<CONF
bind 127.0.0.1
port $REDIS_PORT
requirepass $REDIS_PASSWORD
dir $(redis_home)
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize yes
pidfile $(redis_home)/redis.pid
logfile $(redis_home)/redis.log
CONF
}

start_redis() {
  local home user
  home="$(redis_home)"
  user="$(redis_user)"
  make_service_directory "$user" "$home"
  if redis_running; then return; fi
  settle_port REDIS_PORT 16000 Redis
  redis_settings | write_private "$user" "$home/redis.conf"
  logged redis-start as_user "$user" "$(redis_program)" "$home/redis.conf" ||
    fail 'Redis did not start' "see $LOGS/redis-start.log and $home/redis.log"
  wait_for 60 redis_running || fail 'Redis started but does not answer' "see $home/redis.log"
}

stop_redis() {
  redis_running || return 0
  redis_call shutdown >/dev/null || true
  wait_for 60 redis_gone || fail 'Redis did not stop' "see $(redis_home)/redis.log"
}
redis_gone() { ! redis_running; }

# wait_for SECONDS COMMAND: asks five times a second.
wait_for() {
  local rounds=$(($1 * 5))
  shift
  until "$@"; do
    rounds=$((rounds - 1))
    [ "$rounds" -gt 0 ] || return 1
    sleep 0.2
  done
}
