#!/usr/bin/env bash
# The container deployment for real: builds the image from what git knows of this folder, starts the installation with the
# sandbox under a project name of its own, checks it, and removes all of it again. Exit status 0 when every check passed.
#
#   test/compose/compose-check.sh          needs a Docker engine, docker compose (or docker-compose 1.29), Node, curl, git
#   KEEP=1 test/compose/compose-check.sh   leaves it running, to look around
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source_dir=$(cd "$here/../.." && pwd)

project=gerbang-check-$$
clone=$(mktemp -d)
export COMPOSE_PROJECT_NAME=$project COMPOSE_PROFILES=sandbox GERBANG_VERSION=check-$$
unset GERBANG_PORT GERBANG_BIND GERBANG_BUS_BIND GERBANG_GATEWAYS GERBANG_NIK_VERIFICATIONS GERBANG_LOG_LEVEL
unset GERBANG_MANAGEMENT_HOST GATEWAY_TRUSTED_PROXIES GATEWAY_CORS_ORIGINS GATEWAY_ISSUER
compose=(docker-compose)
if docker compose version >/dev/null 2>&1; then compose=(docker compose); fi
# any free port
export GERBANG_BUS_PORT=0
# without buildx the engine's classic builder does it
if ! docker buildx version >/dev/null 2>&1; then export DOCKER_BUILDKIT=0; fi

clean_up() {
  if [ -n "${KEEP:-}" ]; then
    echo "Left running: cd $clone && COMPOSE_PROJECT_NAME=$project COMPOSE_PROFILES=sandbox GERBANG_VERSION=$GERBANG_VERSION ${compose[*]} ps"
    return
  fi
  cd "$clone" && "${compose[@]}" down -v --remove-orphans --timeout 30 >"$clone/down.log" 2>&1 || cat "$clone/down.log"
  docker image rm "gerbang-paten:$GERBANG_VERSION" >/dev/null 2>&1
  cd / && rm -rf "$clone"
}
trap clean_up EXIT

. "$here/checks.sh"

section 'A clean clone'
# as git would check it out: no secrets, no state, nothing that was built here
(cd "$source_dir" && git ls-files -z --cached --others --exclude-standard |
  tar --null --no-recursion --ignore-failed-read -T - -cf - 2>/dev/null) | tar -xf - -C "$clone"
cd "$clone" || exit 1
check 'one command makes the secrets' make_secrets
check 'run again, it changes none of them' secrets_stay
started=$(date +%s)
if ! "${compose[@]}" up --build -d >"$clone/up.log" 2>&1; then
  tail -40 "$clone/up.log"
  fail 'up --build'
  exit 1
fi
check 'all services are healthy, one-shot commands ended with 0' all_well
echo "      (build and start: $(($(date +%s) - started)) s)"
check 'a look-up from the host' look_up FOUND
check 'an agreement that has ended is refused' look_up_of_the_expired

section 'Each container'
for container in $(containers); do
  check "$(service_of "$container"): not root, read-only, no capability, limits" hardened "$container"
done
check 'only the gateway and the bus publish a port, on this machine alone' published_ports
check 'no secret in environment, labels, logs or image' secrets_stay_secret

section 'Networks, bus and database'
check 'the networks of the bus and of the database are internal' internal_networks
check 'nik-verification reaches the sandbox' reaches nik-verification
check 'the gateway does not, by address' unreachable_from gateway
check 'neither does the bus or the database' not_in_ministry_network
check 'the bus refuses strangers and foreign subjects' in_gateway "$here/bus-check.mjs"
check "the gateway's role cannot read the hit ledger" in_gateway "$here/database-check.mjs"

section 'Recovery'
for service in nats postgres nik-verification data-balikan reporting gateway; do
  check "$service restarted: healthy again, look-up answered" recovers "$service"
done
check 'nik-verification killed: started again by itself' comes_back nik-verification
check 'new passwords for the gateway (bus and database)' rotates

section 'Three nik-verification, two gateways: 1,500 look-ups, 200 at a time, quota 1,000'
"${compose[@]}" up -d --scale nik-verification=3 --scale gateway=2 >"$clone/scale.log" 2>&1 || cat "$clone/scale.log"
check 'all replicas are healthy' all_well 3 2
check 'exactly 1,000 hits, the rest refused' quota_is_exact

section 'Stop'
check 'everything stops within its time, services with status 0' stops

echo
[ "$failures" -eq 0 ] && echo 'All checks passed.' || echo "$failures checks failed."
[ "$failures" -eq 0 ]
