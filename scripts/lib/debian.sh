# shellcheck shell=bash
# Programs from Debian or Ubuntu packages. Only programs are wanted: no system service is started, enabled or changed.

POLICY_FILE=/usr/sbin/policy-rc.d
# Releases that carry pgvector 0.8 or later in source, for systems whose own release is older.
SOURCE_SUITE_DEBIAN='trixie main'
SOURCE_SUITE_UBUNTU='resolute universe'
APT_OPTIONS=(-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)

apt() { as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -y "${APT_OPTIONS[@]}" "$@"; }
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p' | grep -v '(none)' || true; }
installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$'; }
upstream_version() { sed -E 's/^[0-9]+://; s/[-+~].*$//' <<<"$1"; }

install_debian_programs() {
  can_be_root || fail 'PostgreSQL with pgvector or Redis is missing, and installing packages needs root or sudo' \
    "run the command as root or install sudo; or set DATABASE_URL and REDIS_URL; or ask an administrator for postgresql, postgresql-server-dev-all, redis-server and pgvector $PGVECTOR_WANTED+"
  note 'installing PostgreSQL and Redis from packages (system services stay as they are)'
  logged apt-update apt update ||
    fail 'apt-get update did not succeed' "see $LOGS/apt-update.log; check the network and the system's package sources"

  local major packages=()
  major="$(choose_postgres_major)"
  [ -n "$major" ] || fail "no package of PostgreSQL $POSTGRES_WANTED or later is known to apt" 'use Debian 12 or Ubuntu 24.04 or later, or set DATABASE_URL'
  [ -x "/usr/lib/postgresql/$major/bin/initdb" ] || packages+=("postgresql-$major")
  if vector_package_suits "$major"; then packages+=("postgresql-$major-pgvector"); fi
  have_redis || packages+=(redis-server)
  if [ "${#packages[@]}" -gt 0 ]; then install_without_services "${packages[@]}"; fi

  hash -r
  find_postgres || build_pgvector "$major"
}

# Prefers what is installed, then a release for which apt has pgvector, then the newest one.
choose_postgres_major() {
  local major found=''
  if find_any_postgres; then
    postgres_version "$PG_BIN" | cut -d. -f1
    return
  fi
  for major in $(apt-cache --names-only search '^postgresql-[0-9]+$' | sed -E 's/^postgresql-([0-9]+) .*/\1/' | sort -rn); do
    [ "$major" -ge "$POSTGRES_WANTED" ] && [ -n "$(candidate "postgresql-$major")" ] || continue
    found="${found:-$major}"
    if vector_package_suits "$major"; then
      found="$major"
      break
    fi
  done
  echo "$found"
}

vector_package_suits() {
  local version
  version="$(candidate "postgresql-$1-pgvector")"
  [ -n "$version" ] && at_least "$(upstream_version "$version")" "$PGVECTOR_WANTED"
}

remove_policy() { as_root rm -f "$POLICY_FILE"; }

# The packages would make a cluster and start services of their own: starting is forbidden meanwhile, and what they
# made for themselves is taken back. What was there before is not touched.
install_without_services() {
  local had_redis=no clusters cluster
  installed redis-server && had_redis=yes
  clusters=" $(list_clusters) "
  if [ ! -e "$POLICY_FILE" ]; then
    CLEANUPS+=(remove_policy)
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY_FILE" >/dev/null
    as_root chmod 755 "$POLICY_FILE"
  fi
  note "packages: $*"
  logged apt-install apt install --no-install-recommends "$@" ||
    fail "apt-get could not install $*" "see $LOGS/apt-install.log"
  if [[ " ${CLEANUPS[*]+"${CLEANUPS[*]}"} " == *' remove_policy '* ]]; then remove_policy; fi
  for cluster in $(list_clusters); do
    case "$clusters" in *" $cluster "*) continue ;; esac
    logged "drop-cluster-${cluster%%/*}" as_root pg_dropcluster --stop "${cluster%%/*}" "${cluster##*/}" || true
  done
  if [ "$had_redis" = no ] && installed redis-server; then
    if [ -d /run/systemd/system ]; then logged redis-stop as_root systemctl disable --now redis-server || true; fi
    logged redis-disable as_root update-rc.d redis-server disable || true
  fi
}

# One line: "15/main 17/other ...".
list_clusters() {
  local directory names=''
  for directory in /etc/postgresql/*/*/; do
    [ -d "$directory" ] || continue
    directory="${directory%/}"
    names+="${directory#/etc/postgresql/} "
  done
  echo "$names"
}

remove_build_directory() { as_root rm -rf "${BUILD_DIRECTORY:?}"; }

# build_pgvector MAJOR: builds the distribution's own source package of a later release. The package lists are private
# to a temporary directory, so the system's sources stay as they are; apt checks the signature.
build_pgvector() {
  local major="$1" mirror suite keyring tarball version
  BUILD_DIRECTORY="$(mktemp -d)"
  chmod 755 "$BUILD_DIRECTORY"
  CLEANUPS+=(remove_build_directory)
  note "pgvector $PGVECTOR_WANTED is not packaged for this release: building it from the source package of the next one"
  install_without_services "postgresql-server-dev-$major" gcc make libc6-dev

  read -r mirror suite keyring <<<"$(source_of_pgvector | sed 's/|/ /')"
  [ -n "$mirror" ] || fail "no mirror of the distribution was found in the system's package sources" \
    "install pgvector $PGVECTOR_WANTED or later for PostgreSQL $major by hand, or set DATABASE_URL"
  fetch_source "$mirror" "$suite" "$keyring"
  tarball="$(find "$BUILD_DIRECTORY" -maxdepth 1 -name 'pgvector_*.orig.tar.*' | head -n 1)"
  [ -n "$tarball" ] || fail 'the source package of pgvector has no upstream archive' "see $LOGS/pgvector-source.log"
  mkdir "$BUILD_DIRECTORY/src"
  tar -xf "$tarball" -C "$BUILD_DIRECTORY/src" --strip-components=1
  # Without OPTFLAGS the build would use instructions that only this processor may have.
  local make_arguments=(-C "$BUILD_DIRECTORY/src" "PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config" OPTFLAGS= with_llvm=no)
  logged pgvector-build make -j2 "${make_arguments[@]}" || fail 'pgvector did not compile' "see $LOGS/pgvector-build.log"
  logged pgvector-install as_root make "${make_arguments[@]}" install || fail 'pgvector could not be installed' "see $LOGS/pgvector-install.log"
  version="$(pgvector_version "/usr/lib/postgresql/$major/bin")"
  note "pgvector $version built and installed for PostgreSQL $major"
}

# Prints "mirror|suite component keyring" of the release to take the source from; nothing when there is no mirror.
source_of_pgvector() {
  local id codename mirror suite
  id="$(. /etc/os-release && echo "${ID:-}")"
  codename="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")"
  case "$id" in
    debian) suite="$SOURCE_SUITE_DEBIAN" ;;
    ubuntu) suite="$SOURCE_SUITE_UBUNTU" ;;
    *) return 0 ;;
  esac
  # shellcheck disable=SC2016
  mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $codename" | sort -u | head -n 1)"
  [ -z "$mirror" ] || echo "$mirror|${suite/ /,} /usr/share/keyrings/$id-archive-keyring.gpg"
}

fetch_source() {
  local mirror="$1" suite="$2" keyring="$3" apt_directory="$BUILD_DIRECTORY/apt" private
  mkdir -p "$apt_directory/lists/partial" "$apt_directory/cache/archives/partial"
  echo "deb-src [signed-by=$keyring] $mirror ${suite/,/ }" >"$apt_directory/sources.list"
  private=(-o "Dir::Etc::sourcelist=$apt_directory/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$apt_directory/lists" -o "Dir::Cache=$apt_directory/cache")
  logged pgvector-lists apt-get -q "${APT_OPTIONS[@]}" "${private[@]}" update ||
    fail "the package lists of ${suite/,*/} could not be read from the system's mirror" "see $LOGS/pgvector-lists.log"
  (cd "$BUILD_DIRECTORY" && logged pgvector-source apt-get -q "${APT_OPTIONS[@]}" "${private[@]}" source --download-only pgvector) ||
    fail 'the source package of pgvector could not be fetched' "see $LOGS/pgvector-source.log"
}
