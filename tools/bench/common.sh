# What the parts of the benchmark share: servers, data, loads, medians, goals. Sourced by tools/bench.sh.
# Everything listens on 127.0.0.1, lives in one folder, and ends with the script.

quick= seconds=5 rounds=5
[ "${QUICK:-0}" = 0 ] || quick=1 seconds=2 rounds=3
program=${THIDUA_PROGRAM:-$PWD/dist/thidua}
[ -x "$program" ] || { echo "There is no program $program: run make build" >&2; exit 1; }
work=$(mktemp -d)
touch "$work/goals" "$work/parts" "$work/memory" "$work/results"
started=()

say() { printf '\033[1m[bench]\033[0m %s\n' "$*" >&2; }

stop_servers() {
  # One that stands still is woken, or it would not hear.
  for process in "${started[@]}"; do kill "$process" 2>/dev/null && kill -CONT "$process" 2>/dev/null || true; done
  wait "${started[@]}" 2>/dev/null || true
  started=()
}
finish() {
  stop_servers
  postgres_stop || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# ---- servers ----------------------------------------------------------------------------------------------------------

until_ready() {
  for _ in $(seq 1 200); do curl -sf -o /dev/null "$1" && return; sleep 0.05; done
  echo "$1 does not answer" >&2
  exit 1
}

# Serves the data of THIDUA_DATA and THIDUA_DATABASE_URL on the first core; leaves the address in $url, the process in $process.
serve() { # megabytes of cache
  url="http://127.0.0.1:$(free_port)"
  THIDUA_RATE_LIMIT=off taskset -c 0 "$program" serve --listen "${url#http://}" --cache-mb "$1" >/dev/null 2>"$work/server.log" &
  process=$!
  started+=("$process")
  until_ready "$url/readyz"
}

# Sends a comment through the form and gives the address of its tracking page.
send_comment() { curl -s -o /dev/null -w '%{redirect_url}' -d "name=Lan" --data-urlencode "text=$2" "$1"; }

memory() { awk '/VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }
# Remembers what a server has in memory after a load, for the part `memory`.
note_memory() { printf '%s\t%s\t%s\n' "$1" "$(memory "$2")" "$3" >>"$work/memory"; } # what, process, megabytes of cache

# ---- databases --------------------------------------------------------------------------------------------------------

# A PostgreSQL of our own, set as Debian sets it, so that what it acknowledges is on the disk.
need_postgres() {
  [ -z "$postgres_folder" ] || return 0
  unset THIDUA_TEST_POSTGRES_URL
  postgres_fsync=on postgres_start
}
# Makes an empty database and leaves its address in THIDUA_DATABASE_URL.
new_database() {
  need_postgres
  "$postgres_bin/psql" -qd "$THIDUA_TEST_POSTGRES_URL" -c "CREATE DATABASE $1" >&2
  export THIDUA_DATABASE_URL="${THIDUA_TEST_POSTGRES_URL%/*}/$1"
}
# Statements on standard input, or in one argument, for the database that is set now.
sql() {
  if [ -n "${THIDUA_DATABASE_URL:-}" ]; then
    "$postgres_bin/psql" -qAt -v ON_ERROR_STOP=1 -d "$THIDUA_DATABASE_URL" ${1:+-c "$1"}
  else
    sqlite3 -bail -cmd '.timeout 10000' "$THIDUA_DATA/thidua.db" ${1:+"$1"}
  fi
}
fill() { # announcements, comments of each
  local database=sqlite
  [ -z "${THIDUA_DATABASE_URL:-}" ] || database=postgres
  say "filling $database with $1 announcements, $2 comments on each"
  "$program" migrate >/dev/null
  node tools/bench/data.mjs "$database" "$1" "$2" | sql >/dev/null
}
# The SQLite data folder of so many announcements, filled the first time; leaves it in THIDUA_DATA.
use_folder() { # announcements, comments of each
  export THIDUA_DATA="$work/data-$1"
  unset THIDUA_DATABASE_URL
  [ -e "$THIDUA_DATA/thidua.db" ] || fill "$1" "$2"
}
# One of the ten announcements with fifty comments, by its number of these (data.mjs).
path_with_fifty() { sql "SELECT '/tin/' || slug FROM announcement WHERE id = $(($1 / 10 * $2 + 7))"; } # announcements, number

# ---- loads ------------------------------------------------------------------------------------------------------------

connections=32
# A load from the second core; adds a line "name rate p50 p99 wrong" to the results. Where nothing was answered in the
# time, the times are at least that long.
load() { # name, address, more of wrk's arguments
  local name=$1 address=$2
  shift 2
  taskset -c 1 wrk -t1 -c"$connections" -d"${seconds}s" --latency --timeout 20s -H 'Accept-Encoding: gzip' "$@" "$address" >"$work/wrk"
  awk -v name="$name" -v all="$((seconds * 1000))ms" '
    function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
    /Requests\/sec/ { rate = $2 } $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 }
    /Non-2xx/ { wrong += $NF } /Socket errors/ { gsub(/,/, ""); wrong += $4 + $6 + $8 + $10 } $1 == "wrong:" { wrong += $2 }
    END { if (!rate) p50 = p99 = all; print name, rate, ms(p50), ms(p99), wrong + 0 }' "$work/wrk" >>"$work/results"
}

middle() { sort -g | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : 0 }'; }
# The median of a column of the results: 2 for requests/s, 3 for p50, 4 for p99.
median() { awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$work/results" | middle; }
# How many answers of loads whose names begin so were wrong, if any.
wrong() {
  awk -v name="$1" 'index($1, name) == 1 && $5 { sum[$1] += $5 } END { for (one in sum) printf "\n**%s: %d answers failed.**\n", one, sum[one] }' "$work/results"
}
divide() { awk -v a="$1" -v b="$2" -v digits="${3:-2}" 'BEGIN { printf "%.*f", digits, b ? a / b : 0 }'; }

# How many percent of the processors others take: before a part nothing of ours runs.
busy() {
  { head -n 1 /proc/stat; sleep 2; head -n 1 /proc/stat; } | awk '
    { idle[NR] = $5 + $6; for (i = 2; i <= 9; i++) all[NR] += $i }
    END { printf "%.0f\n", 100 * (1 - (idle[2] - idle[1]) / (all[2] - all[1])) }'
}

# ---- goals ------------------------------------------------------------------------------------------------------------

# A line of the summary; $4 is "at least" or "below" or "at most".
goal() { # what, measured, unit, how, limit
  awk -v what="$1" -v measured="$2" -v unit="$3" -v how="$4" -v limit="$5" 'BEGIN {
    reached = how == "at least" ? measured >= limit : how == "below" ? measured < limit : measured <= limit
    printf "| %s | %s %s%s | %s%s | %s |\n", what, how, limit, unit, measured, unit, reached ? "reached" : "**not reached**" }' >>"$work/goals"
}
