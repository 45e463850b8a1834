# shellcheck shell=bash disable=SC2154,SC2119,SC2120
# What compose-check.sh checks; it sets compose, project, clone and here. A check is a function: its output is shown, its status decides.

failures=0
section() { printf '\n%s\n' "$1"; }
fail() {
  printf 'FAIL  %s\n' "$1"
  failures=$((failures + 1))
}
check() { # TITLE FUNCTION [ARGUMENT...]
  local title=$1 said
  shift
  if said=$("$@" 2>&1); then
    printf 'pass  %s%s\n' "$title" "${said:+ - $said}"
  else
    fail "$title"
    # shellcheck disable=SC2001
    sed 's/^/      /' <<<"$said"
  fi
}

containers() { docker ps -q --filter "label=com.docker.compose.project=$project"; }
service_of() { docker inspect -f '{{index .Config.Labels "com.docker.compose.service"}}' "$1"; }
# SERVICE [NUMBER]
container_of() {
  docker ps -aq --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" \
    --filter "label=com.docker.compose.container-number=${2:-1}"
}
network() { docker network inspect -f "$2" "${project}_$1"; }

# --- start

make_secrets() {
  node deploy/create-secrets.mjs >/dev/null && [ "$(stat -c %a deploy/secrets)" = 700 ] &&
    echo "$(find deploy/secrets -type f | wc -l) files in a closed folder"
}
secrets_stay() {
  local before
  before=$(find deploy/secrets -type f -exec cat {} + | sha256sum)
  node deploy/create-secrets.mjs >/dev/null && [ "$(find deploy/secrets -type f -exec cat {} + | sha256sum)" = "$before" ]
}

# [NIK-VERIFICATIONS GATEWAYS]: waits, within a bound
all_well() {
  local want=$((${1:-1} + ${2:-1} + 5)) deadline=$((SECONDS + 120)) states
  while :; do
    # service, state, exit status, health
    states=$(docker ps -aq --filter "label=com.docker.compose.project=$project" | xargs docker inspect -f \
      '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{.State.ExitCode}} {{if .State.Health}}{{.State.Health.Status}}{{end}}')
    if [ "$(grep -c ' running 0 healthy$' <<<"$states")" = "$want" ] &&
      [ "$(grep -cE '^(demo|database-setup) exited 0 ' <<<"$states")" = 2 ]; then
      echo "$want healthy"
      return 0
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "$states"
      docker ps -aq --filter "label=com.docker.compose.project=$project" | xargs -n1 docker logs --tail 5 2>&1 | tail -40
      return 1
    fi
    sleep 1
  done
}

# [INDEX]
gateway_url() { echo "http://$("${compose[@]}" port --index="${1:-1}" gateway 8080)"; }

ask() { # CLIENT SECRET-FILE OPERATOR: what the gateway answers, one line
  local url token
  url=$(gateway_url)
  token=$(curl -s -u "$1:$(cat "deploy/secrets/$2")" -d "grant_type=client_credentials&operator=$3" "$url/oauth/token" |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/')
  curl -s "$url/v1/verifications" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    -d '{"nik":"3313044107909901","purpose":{"service":"SKU","reference":"500/001/SKU/XI/2026"}}'
}
look_up() { # EXPECTED-OUTCOME
  local answer
  answer=$(ask paten-contoh demo-client-secret siti.loket1)
  grep -o "\"outcome\":\"$1\".*SITI CONTOH" <<<"$answer" | cut -c1-17 || { echo "$answer"; return 1; }
}
look_up_of_the_expired() { ask paten-contoh-lama demo-expired-client-secret budi.loket1 | grep -o '"code":"AGREEMENT_ENDED"'; }

# --- containers

hardened() { # CONTAINER
  local c=$1 user status faults=() memory swap cpus pids core
  user=$(docker exec "$c" id -u)
  [ "$user" != 0 ] || faults+=('runs as root')
  status=$(docker exec "$c" cat /proc/1/status)
  grep -qE '^CapEff:\s+0+$' <<<"$status" && grep -qE '^CapBnd:\s+0+$' <<<"$status" || faults+=('has capabilities')
  grep -qE '^NoNewPrivs:\s+1$' <<<"$status" || faults+=('may gain privileges')
  docker exec "$c" touch /probe 2>/dev/null && faults+=('/ can be written')
  [ "$(docker inspect -f '{{.HostConfig.ReadonlyRootfs}}' "$c")" = true ] || faults+=('root file system is not read-only')
  read -r memory swap cpus pids core < <(docker inspect -f \
    '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} {{range .HostConfig.Ulimits}}{{.Name}}={{.Hard}}{{end}}' "$c")
  [ "$memory" -gt 0 ] && [ "$memory" = "$swap" ] && [ "$cpus" -gt 0 ] && [ "$pids" -gt 0 ] || faults+=("limits: $memory $swap $cpus $pids")
  [ "$core" = core=0 ] || faults+=('may dump core')
  echo "uid $user"
  printf '%s\n' "${faults[@]}"
  [ "${#faults[@]}" = 0 ]
}

published_ports() {
  local c ports
  for c in $(containers); do
    ports=$(docker inspect -f '{{range $port, $at := .NetworkSettings.Ports}}{{range $at}}{{.HostIp}}:{{.HostPort}}->{{$port}} {{end}}{{end}}' "$c")
    [ -z "$ports" ] && continue
    echo "$ports"
    case "$(service_of "$c")" in
      gateway) [[ $ports =~ ^127\.0\.0\.1:[0-9]+-\>8080/tcp\ $ ]] || return 1 ;;
      # where agents of card readers come in
      nats) [[ $ports =~ ^127\.0\.0\.1:[0-9]+-\>4222/tcp\ $ ]] || return 1 ;;
      *) return 1 ;;
    esac
  done
}

secrets_stay_secret() {
  local all=() c
  mapfile -t all < <(docker ps -aq --filter "label=com.docker.compose.project=$project")
  # nats-passwords.conf repeats two of the others
  find deploy/secrets -type f ! -name '*.conf' -exec cat {} + >"$clone/patterns"
  # -c reads to the end; -q would close the pipe, and pipefail would turn a find into a failure to look
  [ "$({
    docker inspect "${all[@]}"
    docker history --no-trunc "gerbang-paten:$GERBANG_VERSION"
    for c in "${all[@]}"; do docker logs "$c" 2>&1; done
  } | grep -cF -f "$clone/patterns")" = 0 ]
}

# --- networks

internal_networks() { [ "$(network bus '{{.Internal}}')$(network data '{{.Internal}}')$(network sandbox-control '{{.Internal}}')" = truetruetrue ]; }
sandbox_address() {
  docker inspect -f "{{(index .NetworkSettings.Networks \"${project}_ministry\").IPAddress}}" "$(container_of dukcapil-sandbox)"
}
reaches() { # SERVICE
  docker exec "$(container_of "$1")" node -e "
    const socket = require('net').connect({ host: '$(sandbox_address)', port: 9000, timeout: 3000 });
    socket.on('connect', () => process.exit(0)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1));"
}
unreachable_from() { ! reaches "$1"; }
not_in_ministry_network() {
  local members
  members=$(network ministry '{{range .Containers}}{{.Name}} {{end}}')
  echo "in it: $members"
  ! grep -qE 'gateway|nats|postgres|demo' <<<"$members"
}
in_gateway() { docker exec -i "$(container_of gateway)" node --input-type=module - <"$1"; }

# --- recovery

recovers() { # SERVICE
  docker restart "$(container_of "$1")" >/dev/null && all_well >/dev/null && look_up FOUND
}
comes_back() { # SERVICE
  local c deadline=$((SECONDS + 30))
  c=$(container_of "$1")
  # all but the first process, which the kernel protects
  docker exec "$c" sh -c 'kill -9 -1'
  until [ "$(docker inspect -f '{{.RestartCount}}' "$c")" -ge 1 ]; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.2
  done
  all_well >/dev/null && look_up FOUND
}
ended() { [ "$(docker wait "$(container_of "$1")")" = 0 ]; }
rotates() {
  local before
  before=$(cat deploy/secrets/gateway-nats-password)
  rm deploy/secrets/gateway-nats-password deploy/secrets/database-gateway-password
  node deploy/create-secrets.mjs >/dev/null && [ "$(cat deploy/secrets/gateway-nats-password)" != "$before" ] || return 1
  {
    "${compose[@]}" restart nats && "${compose[@]}" start database-setup && ended database-setup &&
      "${compose[@]}" restart gateway
  } >"$clone/rotate.log" 2>&1 || { cat "$clone/rotate.log"; return 1; }
  all_well >/dev/null && look_up FOUND
}

# --- quota

sandbox_says() { # PATH
  docker exec "$(container_of dukcapil-sandbox)" node -e "fetch('http://127.0.0.1:9000/_control$1').then(async (a) => console.log(await a.text()))"
}
counted() { sandbox_says /state | node -p 'const [c] = JSON.parse(require("fs").readFileSync(0, "utf8")).consumers; `${c.hits} ${c.refusedOverQuota}`'; }
quota_is_exact() {
  local before refused said hits
  # earlier look-ups of this check count as well
  read -r before refused < <(counted)
  said=$(sandbox_says '/people?outcome=FOUND&limit=1500' |
    node "$here/look-ups.mjs" $((1500 - before)) 200 deploy/secrets/demo-client-secret "$(gateway_url 1)" "$(gateway_url 2)")
  read -r hits refused < <(counted)
  echo "$before look-ups before; $said; the sandbox counted $hits hits, and $refused requests above the quota"
  grep -q "^FOUND $((1000 - before)), QUOTA_EXHAUSTED 500 " <<<"$said" && [ "$hits" = 1000 ] && [ "$refused" = 0 ]
}

# --- stop

stops() {
  local all=() states
  mapfile -t all < <(containers)
  "${compose[@]}" stop >"$clone/stop.log" 2>&1 || { cat "$clone/stop.log"; return 1; }
  states=$(docker inspect -f '{{index .Config.Labels "com.docker.compose.service"}} {{.State.ExitCode}}' "${all[@]}")
  ! grep -E '^(gateway|nik-verification|data-balikan|reporting|dukcapil-sandbox|postgres) [^0]' <<<"$states"
}
