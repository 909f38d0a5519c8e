#!/usr/bin/env bash
# Builds the image of the Dockerfile without an engine, runs what is in it, and says how large it is.
set -euo pipefail

# shellcheck source=../lib/load.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/load.sh"

usage() {
  cat <<'HELP'
Usage: ./scripts/ops/replay-image.sh

Where no engine is at hand: buildah carries out the Dockerfile, step by step, on a base that is made here in the place of
node:24-slim (Debian's debootstrap, without documentation, with the Node of the lock file). Then API, worker and migrations
of that image run on servers of their own: as the user of the image, without capabilities, on a root that is mounted
read-only, with secrets from files. Two documents go in and two questions are answered. Last come the sizes.

Needs root, buildah and debootstrap (Debian: apt-get install buildah debootstrap), PostgreSQL with pgvector, Redis, and
the packages of this checkout. Takes about three minutes. Exit code 1 also when the image is larger than 400 MB.

  --help   this text
HELP
}

NAME=donkey-workspace:replay
LIMIT_MB=400
NPM_VERSION=11.6.2
PROGRAMS=()

build() { buildah --storage-driver vfs --root "$WORK/storage" --runroot "$WORK/run" "$@"; }

# What the image says of itself; the argument is an expression over its configuration.
of_image() {
  # shellcheck disable=SC2016
  build inspect --type image "$NAME" | node -e '
    const { OCIv1 } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const value = new Function("config", `return ${process.argv[1]}`)(OCIv1.config);
    for (const line of [value ?? []].flat()) console.log(line);' "$1"
}

clean_up() {
  local pid
  for pid in "${PROGRAMS[@]+"${PROGRAMS[@]}"}"; do kill -KILL "$pid" 2>/dev/null || true; done
  "$ROOT/scripts/throwaway-services.sh" replay remove >/dev/null 2>&1 || true
  build unmount --all >/dev/null 2>&1 || true
  rm -rf "${WORK:?}"
}

require_tools() {
  local program
  is_root || fail 'only root can make a root for a container' 'run the command as root'
  for program in buildah debootstrap unshare; do
    command -v "$program" >/dev/null 2>&1 || fail "$program is not installed" "on Debian: apt-get install $program"
  done
  packages_in_step || fail 'node_modules is not in step with package-lock.json' 'run npm ci'
}

# Debian's slim images leave out the same files.
make_base() {
  local base="$WORK/base" container
  logged replay-debootstrap debootstrap --variant=minbase bookworm "$base" || fail 'the base could not be made' "see $LOGS/replay-debootstrap.log"
  rm -rf "$base"/var/cache/apt/* "$base"/var/lib/apt/lists/* "$base"/usr/share/{doc,man,info,locale}/* "$base"/var/log/*.log
  install -m 755 "$ROOT/node_modules/node/bin/node" "$base/usr/local/bin/node"
  logged replay-npm npm install --global --prefix "$base/usr/local" "npm@$NPM_VERSION" || fail 'npm could not be put into the base' "see $LOGS/replay-npm.log"
  chroot "$base" /usr/sbin/groupadd --gid 1000 node
  chroot "$base" /usr/sbin/useradd --uid 1000 --gid node --shell /bin/bash --create-home node
  container="$(build from scratch)"
  build add --quiet "$container" "$base" / >/dev/null
  build config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  build commit --quiet --rm "$container" "docker.io/library/$(base_of_dockerfile)" >/dev/null
  ok "base in the place of $(base_of_dockerfile): $(chroot "$base" /usr/local/bin/node --version)"
}

base_of_dockerfile() { sed -n 's/^ARG NODE_IMAGE=//p' "$ROOT/Dockerfile"; }

# Where registries are reached with certificates of the host's own, npm is told while it builds, and the image is not.
trust_host() {
  TRUST=()
  [ -n "${NODE_EXTRA_CA_CERTS:-}" ] || return 0
  echo "cafile=/usr/local/etc/host-certificates.crt" >"$WORK/npmrc"
  TRUST=(--volume "$NODE_EXTRA_CA_CERTS:/usr/local/etc/host-certificates.crt:ro" --volume "$WORK/npmrc:/usr/local/etc/npmrc:ro")
}

build_image() {
  trust_host
  logged replay-build build bud --isolation chroot --network host --pull-never --format docker \
    "${TRUST[@]+"${TRUST[@]}"}" \
    --build-arg "REVISION=$(git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown)" -t "$NAME" "$ROOT" ||
    fail 'a step of the Dockerfile did not succeed' "see $LOGS/replay-build.log"
  ok "$(grep -c 'STEP [0-9]*/' "$LOGS/replay-build.log") steps of the Dockerfile carried out"
  CONTAINER="$(build from --pull-never "$NAME")"
  IMAGE_ROOT="$(build mount "$CONTAINER")"
  mapfile -t IMAGE_ENV < <(of_image config.Env)
  mapfile -t ENTRYPOINT < <(of_image config.Entrypoint)
  IMAGE_USER="$(of_image config.User)"
  WORKING_DIRECTORY="$(of_image config.WorkingDir)"
}

# What an engine does for a container with read_only, tmpfs, cap_drop, no-new-privileges and secrets. The program takes
# the place of the shell, so that its process id is the one that gets the signals.
# shellcheck disable=SC2016
CONTAIN='
  set -euo pipefail
  root="$1" secrets="$2" user="$3" directory="$4"
  shift 4
  mount --bind "$root" "$root"
  mount -t tmpfs -o size=1m tmpfs "$root/run"
  mkdir "$root/run/secrets"
  for file in "$secrets"/*; do
    : >"$root/run/secrets/${file##*/}"
    mount --bind "$file" "$root/run/secrets/${file##*/}"
    mount -o remount,bind,ro "$root/run/secrets/${file##*/}"
  done
  mount -t tmpfs -o size=64m,mode=1777,nosuid,nodev,noexec tmpfs "$root/tmp"
  mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -o remount,bind,ro "$root"
  exec chroot "$root" /usr/bin/setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups --no-new-privs \
    --inh-caps=-all --bounding-set=-all /usr/bin/env -i -C "$directory" "$@"'

# contained COMMAND...: runs it in the image, until it ends.
contained() {
  unshare --mount bash -c "$CONTAIN" contain "$IMAGE_ROOT" "$WORK/secrets" "$IMAGE_USER" "$WORKING_DIRECTORY" \
    "${IMAGE_ENV[@]}" "${SETTINGS[@]}" "$@"
}

# start_contained LOG COMMAND...: the same in the background, by the entrypoint of the image; the process id goes to STARTED.
start_contained() {
  local log="$LOGS/$1.log"
  shift
  unshare --mount bash -c "$CONTAIN" contain "$IMAGE_ROOT" "$WORK/secrets" "$IMAGE_USER" "$WORKING_DIRECTORY" \
    "${IMAGE_ENV[@]}" "${SETTINGS[@]}" TINI_SUBREAPER=1 "${ENTRYPOINT[@]}" "$@" >"$log" 2>&1 </dev/null &
  STARTED=$!
  PROGRAMS+=("$STARTED")
}

# Development, because the demonstration comes over plain http; what production asks for is tests/ops/proxy.test.ts.
choose_settings() {
  local urls database redis name
  urls="$("$ROOT/scripts/throwaway-services.sh" replay start)" || fail 'PostgreSQL or Redis could not be started' 'see the lines above'
  database="$(sed -n 's/^DATABASE_URL=//p' <<<"$urls")"
  redis="$(sed -n 's/^REDIS_URL=//p' <<<"$urls")"
  DATABASE_URL="$database" REDIS_URL="$redis" REDIS_CACHE_URL="${redis%/[0-9]}/1" SECRETS_DIR="$WORK/secrets" \
    "$ROOT/scripts/ops/make-secrets.sh" >/dev/null
  PORT="$(free_port 13000)"
  SETTINGS=("NODE_ENV=development" "HOST=127.0.0.1" "METRICS_HOST=127.0.0.1" "PORT=$PORT" "API_METRICS_PORT=$(free_port 13400)"
    "WORKER_PORT=$(free_port 13800)" 'CANARY_INTERVAL_MS=0')
  for name in "$WORK"/secrets/*; do
    name="${name##*/}"
    case "$name" in postgres_password | redis_password) continue ;; esac
    SETTINGS+=("${name^^}_FILE=/run/secrets/$name")
  done
}

wait_until_healthy() {
  local pid="$1" what="$2" left=60
  until contained node scripts/services/healthcheck.ts "$what"; do
    kill -0 "$pid" 2>/dev/null || fail "the $what of the image ended while starting" "see $LOGS/replay-$what.log"
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "the $what of the image is not healthy" "see $LOGS/replay-$what.log"
    sleep 0.5
  done
  ok "$what is healthy by its own check, process $pid, user $(ps -o uid= -p "$pid" | tr -d ' ')"
}

run_image() {
  local api worker
  choose_settings
  logged replay-migrate contained node scripts/manage.ts migrate || fail 'the migrations did not succeed' "see $LOGS/replay-migrate.log"
  logged replay-seed contained node scripts/manage.ts seed || fail 'the seed did not succeed' "see $LOGS/replay-seed.log"
  mapfile -t COMMAND < <(of_image config.Cmd)
  start_contained replay-api "${COMMAND[@]}"
  api="$STARTED"
  start_contained replay-worker node worker/main.ts
  worker="$STARTED"
  wait_until_healthy "$api" api
  wait_until_healthy "$worker" worker
  HOST=127.0.0.1 PORT="$PORT" PUBLIC_URL='' node scripts/demo.ts || fail 'the demonstration did not find its passages' "see $LOGS/replay-worker.log"
  check_confinement "$worker"
  stop_contained "$api" api
  stop_contained "$worker" worker
}

check_confinement() {
  local path zombies
  for path in /app /app/node_modules /etc /var/lib /usr/local/bin; do
    if contained touch "$path/written" 2>/dev/null; then fail "the user of the image can write to $path" 'the root must be read-only'; fi
  done
  [ "$(contained cat /proc/self/status | sed -n 's/^CapEff:\t//p')" = 0000000000000000 ] ||
    fail 'the program has capabilities' 'they should be dropped'
  zombies="$(ps -o stat= --ppid "$1" | awk '/^Z/' | wc -l)"
  [ "$zombies" = 0 ] || fail "$zombies processes have ended and are not reaped" 'tini should do that'
  ok 'nothing of the root can be written, there are no capabilities and no zombies'
}

stop_contained() {
  local code=0 begun="$SECONDS"
  kill -TERM "$1"
  wait "$1" || code=$?
  case "$code" in 0 | 143) ok "$2 stopped after $((SECONDS - begun)) s" ;; *) fail "$2 ended with code $code" "see $LOGS/replay-$2.log" ;; esac
}

# Apparent sizes, in megabytes of a million bytes as engines print them.
megabytes() { du -sxB1 --apparent-size "$@" | awk '{ bytes += $1 } END { printf "%.0f", bytes / 1000000 }'; }

report_sizes() {
  local base packages app total name
  for name in node typescript eslint prettier; do
    [ ! -e "$IMAGE_ROOT/app/node_modules/$name" ] || fail "the image holds the development package $name" 'see RUN npm ci in the Dockerfile'
  done
  base="$(megabytes "$WORK/base")"
  packages="$(megabytes "$IMAGE_ROOT/app/node_modules")"
  app="$(megabytes "$IMAGE_ROOT"/app/{api,db,shared,worker,scripts,package.json,LICENSE})"
  total="$(megabytes "$IMAGE_ROOT")"
  printf '      %-36s %6s MB\n' 'base (stands in for node:24-slim)' "$base" 'packages (node_modules)' "$packages" \
    'the product' "$app" 'tini and what apt leaves' "$((total - base - packages - app))" 'image' "$total"
  [ "$total" -le "$LIMIT_MB" ] || fail "the image has $total MB" "it should stay below $LIMIT_MB MB"
}

case "${1:-}" in
  '') ;;
  --help | -h)
    usage
    exit 0
    ;;
  *)
    usage >&2
    fail "unknown argument $1" 'use none'
    ;;
esac
cd "$ROOT"
echo 'Donkey Workspace: the image, without an engine'
expect_steps 5
prepare_local

step 'Programs'
require_tools
WORK="$(mktemp -d)"
chmod 755 "$WORK"
CLEANUPS+=(clean_up)

step 'Base'
make_base

step 'Image'
build_image

step 'Run'
run_image

step 'Size'
report_sizes
