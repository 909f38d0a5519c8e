# shellcheck shell=bash
# Finds the PostgreSQL (with pgvector) and Redis programs on this host, and installs them where it may.

POSTGRES_WANTED=15
PGVECTOR_WANTED=0.8
REDIS_WANTED=7

postgres_version() { "$1/postgres" --version 2>/dev/null | sed -E 's/^[^0-9]*([0-9]+(\.[0-9]+)?).*/\1/'; }

# Prints the version of pgvector that belongs to the PostgreSQL in that directory, or nothing.
pgvector_version() {
  local share
  share="$("$1/pg_config" --sharedir 2>/dev/null)" || return 0
  sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$share/extension/vector.control" 2>/dev/null || true
}

postgres_directories() {
  local directory
  for directory in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
    [ -x "$directory/initdb" ] && echo "$directory"
  done | sort -rV
  if command -v pg_config >/dev/null 2>&1; then pg_config --bindir; fi
}

# Both set PG_BIN: to the newest PostgreSQL with pgvector (one that was chosen before is kept), or to the newest at all.
find_postgres() {
  if [ -n "$PG_BIN" ] && [ -x "$PG_BIN/postgres" ] && pgvector_suits "$PG_BIN"; then return 0; fi
  find_postgres_where pgvector_suits
}
find_any_postgres() { find_postgres_where true; }

pgvector_suits() {
  local version
  version="$(pgvector_version "$1")"
  [ -n "$version" ] && at_least "$version" "$PGVECTOR_WANTED"
}

find_postgres_where() {
  local directory
  while read -r directory; do
    [ -x "$directory/initdb" ] && [ -x "$directory/postgres" ] || continue
    at_least "$(postgres_version "$directory")" "$POSTGRES_WANTED" || continue
    "$1" "$directory" || continue
    PG_BIN="$directory"
    return 0
  done < <(postgres_directories)
  return 1
}

# Folders with pg_dump, also where only the client is installed, the newest first.
client_directories() {
  local directory
  for directory in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/libpq/bin /opt/homebrew/opt/postgresql@*/bin; do
    if [ -x "$directory/pg_dump" ]; then echo "$directory"; fi
  done | sort -rV
}

# Sets PG_BIN to the newest of them; leaves it empty where the path has to do.
find_client_programs() { PG_BIN="$(client_directories | head -n 1)"; }

redis_program() { command -v redis-server; }
redis_version() { redis-server --version 2>/dev/null | sed -nE 's/.* v=([0-9.]+).*/\1/p'; }
have_redis() { redis_program >/dev/null 2>&1 && at_least "$(redis_version)" "$REDIS_WANTED"; }

have_programs() { find_postgres && have_redis; }

install_programs() {
  have_programs && return
  case "$(uname -s)" in
    Linux)
      [ -f /etc/debian_version ] && command -v apt-get >/dev/null 2>&1 || no_way_to_install
      install_debian_programs
      ;;
    Darwin) install_homebrew_programs ;;
    *) no_way_to_install ;;
  esac
  hash -r
  find_postgres || fail "PostgreSQL $POSTGRES_WANTED+ with pgvector $PGVECTOR_WANTED+ was not found after the installation" \
    "see the logs in $LOGS, or give a server with DATABASE_URL"
  have_redis || fail "Redis $REDIS_WANTED+ was not found after the installation" 'give a server with REDIS_URL'
}

no_way_to_install() {
  fail 'PostgreSQL with pgvector and Redis are not here, and this system has no package manager that is known to this command' \
    "start Docker, or install PostgreSQL $POSTGRES_WANTED+ with pgvector $PGVECTOR_WANTED+ and Redis $REDIS_WANTED+, or set DATABASE_URL and REDIS_URL to servers that you have"
}

# Untested: no macOS host was at hand when this was written.
install_homebrew_programs() {
  command -v brew >/dev/null 2>&1 || no_way_to_install
  note 'installing with Homebrew: postgresql@17, pgvector and redis (this path is untested)'
  logged homebrew brew install postgresql@17 pgvector redis ||
    fail 'Homebrew could not install the programs' "see $LOGS/homebrew.log, or set DATABASE_URL and REDIS_URL"
}
