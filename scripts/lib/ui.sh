# shellcheck shell=bash
# What every command of the project shares: where things are, numbered steps, and failures that explain themselves.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
LOCAL="$ROOT/.local"
LOGS="$LOCAL/log"
export PATH="$ROOT/node_modules/.bin:$PATH:/usr/local/sbin:/usr/sbin:/sbin"

STEP=0
STEPS=0
STEP_TITLE='start'
FAILED=''
CLEANUPS=()

# expect_steps COUNT: how many steps the command is going to announce.
expect_steps() { STEPS="$1"; }

step() {
  STEP=$((STEP + 1))
  STEP_TITLE="$1"
  printf '\n[%d/%d] %s\n' "$STEP" "$STEPS" "$1"
}

ok() { printf '      ok: %s\n' "$1"; }
note() { printf '      %s\n' "$1"; }

# fail REASON REMEDY: ends the command; the exit code is 1.
fail() {
  FAILED=1
  printf '\nFAILED in step %d (%s)\n  reason: %s\n  remedy: %s\n' "$STEP" "$STEP_TITLE" "$1" "$2" >&2
  exit 1
}

# For a command that has already said what failed.
said_why() { FAILED=1; }

on_exit() {
  local code=${1:-$?} task
  for task in "${CLEANUPS[@]+"${CLEANUPS[@]}"}"; do "$task" || true; done
  if [ "$code" -ne 0 ] && [ -z "$FAILED" ]; then
    printf '\nFAILED in step %d (%s), exit code %d\n  remedy: read the lines above and the logs in %s, then run the same command again; finished steps are kept.\n' \
      "$STEP" "$STEP_TITLE" "$code" "$LOGS" >&2
  fi
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# logged NAME COMMAND...: runs quietly; the output is kept in a log of that name and shown when the command fails.
logged() {
  local log="$LOGS/$1.log"
  shift
  if "$@" >"$log" 2>&1 </dev/null; then return 0; fi
  printf '      %s failed; the last lines of %s:\n' "$1" "$log" >&2
  tail -n 15 "$log" | sed 's/^/        /' >&2
  return 1
}

# .local can be entered by the service users; what is secret in it is a file of mode 0600.
prepare_local() {
  mkdir -p "$LOCAL" "$LOGS" 2>/dev/null || true
  [ -w "$LOCAL" ] && [ -w "$LOGS" ] ||
    fail "$LOCAL belongs to another user" "run the command as the user who ran it first, or remove $LOCAL"
  chmod 755 "$LOCAL"
}

is_root() { [ "$(id -u)" -eq 0 ]; }

as_root() {
  if is_root; then
    "$@"
  else
    sudo "$@"
  fi
}

can_be_root() { is_root || command -v sudo >/dev/null 2>&1; }

# as_user NAME COMMAND...: runs the command as that user, from a directory everybody may enter.
as_user() {
  local user="$1"
  shift
  if [ "$user" = "$(id -un)" ]; then
    (cd / && "$@")
  elif is_root; then
    (cd / && runuser -u "$user" -- "$@")
  else
    (cd / && sudo -u "$user" -- "$@")
  fi
}

# at_least HAVE WANT: compares the first two numbers of two versions.
at_least() {
  local have_major have_minor want_major want_minor
  IFS=. read -r have_major have_minor _ <<<"$1.0.0"
  IFS=. read -r want_major want_minor _ <<<"$2.0.0"
  [ "$have_major" -gt "$want_major" ] || { [ "$have_major" -eq "$want_major" ] && [ "$have_minor" -ge "$want_minor" ]; }
}

BOOTSTRAP_LOCK="$LOCAL/bootstrap.lock"

unlock_bootstrap() { rm -rf "$BOOTSTRAP_LOCK"; }

# Two commands started together must not both write node_modules or install system packages.
lock_bootstrap() {
  local waited=0 holder
  until mkdir "$BOOTSTRAP_LOCK" 2>/dev/null; do
    holder="$(cat "$BOOTSTRAP_LOCK/pid" 2>/dev/null || true)"
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      unlock_bootstrap
      continue
    fi
    [ "$waited" -gt 0 ] || note "another set-up or test command (process ${holder:-unknown}) is installing; waiting for it"
    [ "$waited" -lt 900 ] || fail 'another set-up command has been installing for 15 minutes' "stop process $holder, or remove $BOOTSTRAP_LOCK"
    sleep 1
    waited=$((waited + 1))
  done
  echo "$$" >"$BOOTSTRAP_LOCK/pid"
  CLEANUPS+=(unlock_bootstrap)
}
