#!/usr/bin/env bash
# The performance table: what the server does beside what nginx does with the very same bytes as a file, in turns, each
# held to one core and the load generator to the other. Prints it and writes it to docs/performance.md.
#   make bench            rounds of 5 seconds        make bench QUICK=1    rounds of 2 seconds
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
. tools/postgres.sh

seconds=5 rounds=5
[ "${QUICK:-0}" = 0 ] || { seconds=2; rounds=3; }
work=$(mktemp -d)
started=()
finish() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
program="$PWD/dist/thidua"
export THIDUA_DATA="$work/data"
until_ready() { for _ in $(seq 1 200); do curl -sf -o /dev/null "$1" && return; sleep 0.05; done; echo "$1 does not answer" >&2; exit 1; }

# ---- the page: an announcement with 50 comments among the demonstration ------------------------------------------------

"$program" demo >/dev/null
slug=phat-dong-thi-dua-muc-tieu-kep-2021
serve() { # port, megabytes of cache, more settings
  local port=$1 megabytes=$2
  shift 2
  env THIDUA_RATE_LIMIT=off THIDUA_BASE_URL=http://127.0.0.1:3000 "$@" taskset -c 0 "$program" serve --listen "127.0.0.1:$port" --cache-mb "$megabytes" \
    >/dev/null 2>"$work/server-$port.log" &
  started+=($!)
  until_ready "http://127.0.0.1:$port/readyz"
}
kept=$(free_port) && serve "$kept" 64
plain=$(free_port) && serve "$plain" 0
path="/tin/$slug"
shown=$(curl -s "http://127.0.0.1:$kept$path" | grep -o 'class="comment"' | wc -l)
for number in $(seq "$shown" 49); do
  place=$(curl -s -o /dev/null -w '%{redirect_url}' -d "name=Lan&text=Góp ý số $number cho phong trào, mong được trả lời." "http://127.0.0.1:$kept$path")
  "$program" comment approve "${place##*/}" >/dev/null
done
sleep 0.2
for _ in $(seq 1 20); do curl -s -o /dev/null -H 'Accept-Encoding: gzip' "http://127.0.0.1:$kept$path"; done
sleep 1

# ---- nginx with the same bytes -----------------------------------------------------------------------------------------

file=$(free_port)
mkdir -p "$work/www/tin" "$work/nginx"
curl -s -H 'Accept-Encoding: gzip' -D "$work/headers" "http://127.0.0.1:$kept$path" >"$work/www/tin/$slug.gz"
gunzip -c "$work/www/tin/$slug.gz" >"$work/www/tin/$slug"
policy=$(sed -n 's/^content-security-policy: //Ip' "$work/headers" | tr -d '\r')
cat >"$work/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100;
  client_body_temp_path $work/nginx/b; proxy_temp_path $work/nginx/p; fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
  server { listen 127.0.0.1:$file; root $work/www; default_type "text/html; charset=utf-8"; gzip_static on;
    add_header Content-Security-Policy "$policy"; add_header Cache-Control no-cache; add_header Vary "accept-encoding, cookie"; add_header X-Content-Type-Options nosniff; add_header Referrer-Policy same-origin; }
}
CONF
[ "$(id -u)" != 0 ] || { chmod 755 "$work"; sed -i '1s/^/user root; /' "$work/nginx.conf"; }
taskset -c 0 nginx -c "$work/nginx.conf" -p "$work/nginx" 2>/dev/null &
started+=($!)
until_ready "http://127.0.0.1:$file$path"

# ---- rounds, in turns --------------------------------------------------------------------------------------------------

tag=$(sed -n 's/^etag: //Ip' "$work/headers" | tr -d '\r')
load() { # name, url, more of wrk's arguments
  local name=$1 url=$2
  shift 2
  taskset -c 1 wrk -t1 -c32 -d"${seconds}s" --latency -H 'Accept-Encoding: gzip' "$@" "$url" >"$work/wrk"
  awk -v name="$name" '
    /Requests\/sec/ { rate = $2 } $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 } /Non-2xx/ { wrong = $NF }
    function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
    END { print name, rate, ms(p50), ms(p99), wrong + 0 }' "$work/wrk" >>"$work/results"
}
for _ in $(seq 1 "$rounds"); do
  load nginx "http://127.0.0.1:$file$path"
  load kept "http://127.0.0.1:$kept$path"
  load unchanged "http://127.0.0.1:$kept$path" -H "If-None-Match: $tag"
  load anew "http://127.0.0.1:$plain$path"
done
memory() { awk '/VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$1/status"; }

table() {
  echo "# Performance"
  echo
  echo "By \`make bench${QUICK:+ QUICK=1}\` on $(date +%F): $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo);"
  echo "$("$program" --version), $(nginx -v 2>&1 | sed 's/.*: //'), $(wrk -v 2>&1 | awk 'NR == 1 { print $1, $2 }'). Medians of $rounds rounds of $seconds s in turns, 32 connections,"
  echo "server on one core, load on the other; the machine is noisy, so read the ratios. Neither logs what it answers from memory or from a file."
  echo
  echo "The announcement page with 50 comments, $(stat -c %s "$work/www/tin/$slug.gz") bytes in gzip ($(stat -c %s "$work/www/tin/$slug") plain):"
  echo
  echo "| what | requests/s | of nginx | p50 | p99 | p99 of nginx's |"
  echo "|---|---|---|---|---|---|"
  # The median of each column.
  for name in nginx kept unchanged anew; do
    median() { grep "^$name " "$work/results" | awk -v c="$1" '{ print $c }' | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
    echo "$name $(median 2) $(median 3) $(median 4) $(grep "^$name " "$work/results" | awk '$5 > 0 { w += $5 } END { print w + 0 }')"
  done | awk '
    BEGIN { word["nginx"] = "nginx, the same bytes from a file"; word["kept"] = "kept page"; word["unchanged"] = "kept page, 304"; word["anew"] = "cache off: rendered for each" }
    NR == 1 { rate = $2; tail = $4 }
    { printf "| %s | %.0f | %.3f | %.2f ms | %.2f ms | %.2f |\n", word[$1], $2, $2 / rate, $3, $4, $4 / tail }'
  echo
  echo "Resident memory after the load: with the cache $(memory "${started[0]}"), without $(memory "${started[1]}"). The program: $(($(stat -c %s "$program") / 1000000)) MB."
}
table | tee docs/performance.md
