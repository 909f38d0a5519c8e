# shellcheck shell=bash
# Node 24 and the npm packages: the runtime comes from the lock file, like everything else.

# The machine's own Node only has to be able to run npm.
require_npm() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
    fail 'node or npm is not installed' 'install Node.js 20 or later with npm (nodejs.org/en/download), then run the command again'
  local version
  version="$(node -p 'process.versions.node')"
  at_least "$version" 20 || fail "Node.js $version is too old" 'install Node.js 20 or later with npm'
}

# Succeeds when node_modules holds exactly what the lock file names (packages for other platforms aside).
packages_in_step() {
  [ -f "$ROOT/node_modules/.package-lock.json" ] && [ -x "$ROOT/node_modules/.bin/node" ] || return 1
  (cd "$ROOT" && node -e '
    const { readFileSync } = require("node:fs");
    const read = (path) => JSON.parse(readFileSync(path, "utf8")).packages;
    const wanted = read("package-lock.json");
    const found = read("node_modules/.package-lock.json");
    delete wanted[""];
    const same = (name) => found[name]?.version === wanted[name]?.version;
    const missing = Object.keys(wanted).filter((name) => !same(name) && !(wanted[name].optional && !found[name]));
    const extra = Object.keys(found).filter((name) => !wanted[name]);
    process.exit(missing.length + extra.length > 0 ? 1 : 0);
  ') && [[ "$("$ROOT/node_modules/.bin/node" -p process.versions.node 2>/dev/null)" == 24.* ]]
}

install_packages() {
  require_npm
  if packages_in_step; then
    ok "node_modules is in step with package-lock.json; Node $(node -v)"
    return
  fi
  note "npm ci (the machine's own Node is $(node -v); this takes a minute)"
  # The runtime itself is a package with an install script, so scripts must be on whatever the user's npmrc says.
  (cd "$ROOT" && logged npm-ci env NODE_ENV=development npm ci --no-audit --no-fund --ignore-scripts=false --include=dev --include=optional) ||
    fail 'npm ci did not succeed' "see $LOGS/npm-ci.log; check that the npm registry can be reached, then run the command again"
  hash -r
  packages_in_step || fail 'the packages are installed but Node 24 does not start from node_modules/.bin/node' \
    "remove node_modules and run the command again; see $LOGS/npm-ci.log"
  ok "packages installed from the lock file; Node $(node -v)"
}

# The pre-commit hook is switched on in a git checkout that has no hooks of its own.
enable_git_hooks() {
  command -v git >/dev/null 2>&1 && git -C "$ROOT" rev-parse --git-dir >/dev/null 2>&1 || return 0
  [ -z "$(git -C "$ROOT" config --get core.hooksPath || true)" ] || return 0
  if git -C "$ROOT" config core.hooksPath .githooks 2>/dev/null; then ok 'pre-commit hook switched on (core.hooksPath)'; fi
}
