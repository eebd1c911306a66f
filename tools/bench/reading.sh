# Reading: an announcement with 50 comments beside nginx serving the very same bytes from a file, in the same encoding,
# from as many connections, in turns; and what becomes of it with many pages, with writes, with misses.

use_folder 10000 10
path=$(path_with_fifty 10000 5)
written=$(path_with_fifty 10000 4)
sql "SELECT '/tin/' || slug FROM announcement" >"$work/paths"

serve 64; kept=$url kept_process=$process
serve 0; plain=$url plain_process=$process
serve 64; small=$url small_process=$process
serve 64; missing=$url missing_process=$process
serve 2048; large=$url large_process=$process

# Until the page is in the encoding that it stays in, whose tag ends in a capital.
for server in "$kept" "$missing"; do
  for page in "$path" "$written"; do
    until curl -s -o /dev/null -D - -H 'Accept-Encoding: gzip' "$server$page" | grep -qi '^etag:.*-G"'; do :; done
  done
done
say "reading every page once"
sed "s|.*|url = \"$large&\"\noutput = /dev/null|" "$work/paths" | curl -s --parallel --parallel-max 8 -H 'Accept-Encoding: gzip' -K - 2>/dev/null

kill -STOP "$large_process"

# ---- nginx with the same bytes -----------------------------------------------------------------------------------------

file="http://127.0.0.1:$(free_port)"
mkdir -p "$work/www/tin" "$work/nginx"
curl -s -H 'Accept-Encoding: gzip' -D "$work/headers" "$kept$path" >"$work/www$path.gz"
gunzip -c "$work/www$path.gz" >"$work/www$path"
header() { sed -n "s/^$1: //Ip" "$work/headers" | tr -d '\r'; }
cat >"$work/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100;
  client_body_temp_path $work/nginx/b; proxy_temp_path $work/nginx/p; fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
  server { listen ${file#http://}; root $work/www; default_type "text/html; charset=utf-8"; gzip_static on;
    add_header Content-Security-Policy "$(header content-security-policy)"; add_header Cache-Control no-cache; add_header Vary "accept-encoding, cookie"; add_header X-Content-Type-Options nosniff; add_header Referrer-Policy same-origin; }
}
CONF
[ "$(id -u)" != 0 ] || sed -i '1s/^/user root; /' "$work/nginx.conf"
taskset -c 0 nginx -c "$work/nginx.conf" -p "$work/nginx" 2>/dev/null &
started+=($!)
until_ready "$file$path"

# ---- rounds, in turns --------------------------------------------------------------------------------------------------

# The comments that are approved while the page is read, one in a second.
for _ in $(seq 1 $((rounds * (seconds + 1)))); do
  place=$(send_comment "$kept$written" "Mong xã trả lời góp ý số $RANDOM$RANDOM.")
  echo "${place##*/}"
done >"$work/waiting"
approve_one_each_second() { # round
  local code
  sed -n "$((($1 - 1) * (seconds + 1) + 1)),$(($1 * (seconds + 1)))p" "$work/waiting" | while read -r code; do
    taskset -c 1 "$program" comment approve "$code" >/dev/null
    sleep 1
  done
}
export PATHS="$work/paths"
for round in $(seq 1 "$rounds"); do
  say "round $round of $rounds"
  load read-nginx "$file$path"
  load read-kept "$kept$path"
  load read-unchanged "$kept$path" -H "If-None-Match: $(header etag)"
  load read-anew "$plain$path"
  # Pages that many ask for are encoded anew with all effort, in the background: it waits while others are measured.
  kill -CONT "$large_process"
  load read-larger "$large" -s tools/bench/pages.lua
  kill -STOP "$large_process"
  load read-smaller "$small" -s tools/bench/pages.lua
  approve_one_each_second "$round" &
  writes=$!
  load read-written "$kept$written"
  wait "$writes"
  # One request in ten is for a page that is not kept: every time another of the 10,000, of which the cache holds few.
  KEPT="$path" FROM=$((round * 2000)) load read-missed "$missing" -s tools/bench/pages.lua
done
note_memory "one page kept" "$kept_process" 64
note_memory "cache off" "$plain_process" 0
note_memory "10,000 pages, cache smaller" "$small_process" 64
note_memory "one request in ten for a page that is not kept" "$missing_process" 64
note_memory "10,000 pages, cache larger" "$large_process" 2048
kill -CONT "$large_process"

rate=$(median read-nginx 2) tail=$(median read-nginx 4)
row() { # name, words
  local own
  own=$(median "$1" 2)
  printf '| %s | %.0f | %s | %.2f ms | %.2f ms | %s |\n' "$2" "$own" "$(divide "$own" "$rate" 3)" "$(median "$1" 3)" "$(median "$1" 4)" "$(divide "$(median "$1" 4)" "$tail")"
}
cat <<TABLE

## Reading

The page of an announcement with 50 comments, $(stat -c %s "$work/www$path.gz") bytes in gzip ($(stat -c %s "$work/www$path") plain). Medians of $rounds rounds of
$seconds s in turns, $connections connections, each server on one core, the load on the other. nginx serves that one file in every row.
Neither logs what it answers from memory or from a file.

| what | requests/s | of nginx's | p50 | p99 | of nginx's |
|---|---|---|---|---|---|
$(row read-nginx "nginx, the same bytes from a file")
$(row read-kept "kept page")
$(row read-unchanged "kept page, 304")
$(row read-anew "cache off: rendered for each")
$(row read-larger "10,000 pages by chance, all kept (2048 MB)")
$(row read-smaller "10,000 pages by chance, few kept (64 MB)")
$(row read-written "kept page, one comment on it approved each second")
$(row read-missed "kept page, one request in ten for one that is not kept")
TABLE
wrong read-

goal "kept page: requests/s of nginx's" "$(divide "$(median read-kept 2)" "$rate" 3)" "" "at least" 0.7
goal "kept page: p99 of nginx's" "$(divide "$(median read-kept 4)" "$tail")" "" "at most" 2
goal "cache off: requests/s of nginx's" "$(divide "$(median read-anew 2)" "$rate" 4)" "" "at least" 0.04
