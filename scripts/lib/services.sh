# shellcheck shell=bash
# PostgreSQL and Redis for one profile: chosen once, started again whenever asked.

# .env's value of one variable, or nothing.
env_file_value() {
  [ -f "$ROOT/.env" ] || return 0
  env -u "$1" node --env-file="$ROOT/.env" -p "process.env['$1'] ?? ''"
}

# given_url NAME OWN_URL: prints a server that the user named, in the environment or in .env.
given_url() {
  local url="${!1:-}"
  if [ -z "$url" ] && [ "$PROFILE" = main ]; then url="$(env_file_value "$1")"; fi
  [ "$url" = "$2" ] || echo "$url"
}

# choose_services FLAG: FLAG is docker, native or empty. Sets DATABASE, REDIS and KIND, and says which and why.
choose_services() {
  local database_given redis_given why
  database_given="$(given_url DATABASE_URL "$(own_database_url)")"
  redis_given="$(given_url REDIS_URL "$(own_redis_url)")"
  DATABASE=own
  REDIS=own
  [ -z "$database_given" ] || DATABASE=given
  [ -z "$redis_given" ] || REDIS=given
  if [ "$DATABASE" = given ]; then ok 'PostgreSQL: the one that DATABASE_URL names'; fi
  if [ "$REDIS" = given ]; then ok 'Redis: the one that REDIS_URL names'; fi
  if [ "$DATABASE$REDIS" = givengiven ]; then
    save_state
    return
  fi
  if [ -n "$KIND" ] && [ -n "$1" ] && [ "$KIND" != "$1" ]; then
    fail "this checkout was set up with $KIND services, not with $1" 'run ./scripts/services.sh reset --all first (it deletes the data and .env)'
  fi
  if [ "$1" = docker ] && ! docker_answers; then
    fail 'no Docker engine with docker compose answers' 'start Docker (docker info must succeed), or run without --docker'
  fi
  if [ -n "$KIND" ]; then
    why='as before'
  elif [ -n "$1" ]; then
    KIND="$1"
    why="as asked with --$1"
  elif docker_answers; then
    KIND=docker
    why='a Docker engine answers'
  else
    KIND=native
    why='no Docker engine answers'
  fi
  save_state
  if [ "$KIND" = docker ]; then ok "services in containers ($why)"; else ok "services as programs of this host ($why)"; fi
}

own_services() {
  if [ "$DATABASE" = own ]; then echo postgres; fi
  if [ "$REDIS" = own ]; then echo redis; fi
}

provide_programs() {
  if [ "$KIND" != native ] || [ -z "$(own_services)" ]; then return 0; fi
  if [ "$DATABASE" = given ] && have_redis; then return 0; fi
  install_programs
  save_state
  if [ "$DATABASE" = own ]; then ok "PostgreSQL $(postgres_version "$PG_BIN") with pgvector $(pgvector_version "$PG_BIN")"; fi
  if [ "$REDIS" = own ]; then ok "Redis $(redis_version)"; fi
}

start_services() {
  [ -n "$(own_services)" ] || return 0
  choose_ports_and_passwords
  if [ "$KIND" = docker ]; then
    # shellcheck disable=SC2046
    start_containers $(own_services)
    return
  fi
  choose_data_directory
  if [ "$DATABASE" = own ]; then
    find_postgres || fail 'the PostgreSQL programs have gone' 'run ./scripts/setup.sh'
    start_postgres
    if [ "$PROFILE" = main ]; then prepare_database; fi
  fi
  if [ "$REDIS" = own ]; then start_redis; fi
}

stop_services() {
  if [ "$KIND" = docker ]; then
    logged "compose-$PROFILE" compose stop || fail 'docker compose could not stop the services' "see $LOGS/compose-$PROFILE.log"
  elif [ "$KIND" = native ]; then
    if [ "$REDIS" = own ]; then stop_redis; fi
    if [ "$DATABASE" = own ]; then stop_postgres; fi
  fi
}

# Deletes the data of the project's own services; a server that was given is never emptied.
delete_services_data() {
  if [ "$KIND" = docker ]; then
    logged "compose-$PROFILE" compose down --volumes || fail 'docker compose could not remove the services' "see $LOGS/compose-$PROFILE.log"
  elif [ -n "$DATA_DIR" ]; then
    as_root_if_needed rm -rf "${DATA_DIR:?}/postgres" "${DATA_DIR:?}/redis"
    case "$DATA_DIR" in /var/lib/donkey-workspace-*) rm -rf "${DATA_DIR:?}" ;; esac
  fi
}

# The directories belong to the service users when root made them.
as_root_if_needed() { "$@" 2>/dev/null || as_root "$@"; }

database_url() {
  local given
  given="$(given_url DATABASE_URL "$(own_database_url)")"
  echo "${given:-$(own_database_url)}"
}
redis_url() {
  local given
  given="$(given_url REDIS_URL "$(own_redis_url)")"
  echo "${given:-$(own_redis_url)}"
}
