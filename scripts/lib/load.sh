# shellcheck shell=bash
# Loads the parts in the order in which they need each other.

umask 022
LIBRARY="$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=ui.sh
. "$LIBRARY/ui.sh"
# shellcheck source=node.sh
. "$LIBRARY/node.sh"
# shellcheck source=state.sh
. "$LIBRARY/state.sh"
# shellcheck source=programs.sh
. "$LIBRARY/programs.sh"
# shellcheck source=debian.sh
. "$LIBRARY/debian.sh"
# shellcheck source=postgres.sh
. "$LIBRARY/postgres.sh"
# shellcheck source=redis.sh
. "$LIBRARY/redis.sh"
# shellcheck source=docker.sh
. "$LIBRARY/docker.sh"
# shellcheck source=services.sh
. "$LIBRARY/services.sh"
