# A throwaway PostgreSQL for tests, unless THIDUA_TEST_POSTGRES_URL names one. Sourced.
# It forgets what power loss would take; with postgres_fsync=on it does not, for what measures that.
postgres_folder=

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

postgres_start() {
  if [ -n "${THIDUA_TEST_POSTGRES_URL:-}" ]; then return 0; fi
  local bin port
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$bin" ] || bin=$(dirname "$(command -v initdb)" 2>/dev/null)
  [ -x "$bin/initdb" ] || { echo "PostgreSQL is missing: run tools/setup.sh test" >&2; return 1; }
  postgres_folder=$(mktemp -d)
  port=$(free_port)
  chmod 755 "$postgres_folder"
  [ "$(id -u)" = 0 ] && chown postgres "$postgres_folder"
  postgres_run "$bin/initdb" -D "$postgres_folder/db" -U thidua -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$postgres_folder.log" 2>&1 &&
    postgres_run "$bin/pg_ctl" -D "$postgres_folder/db" -w -l "$postgres_folder/server.log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=${postgres_fsync:-off} -c max_connections=300 -c max_wal_size=256MB" start >>"$postgres_folder.log" 2>&1 ||
    { cat "$postgres_folder.log" >&2; return 1; }
  postgres_bin=$bin
  export THIDUA_TEST_POSTGRES_URL="postgres://thidua@127.0.0.1:$port/postgres"
}

postgres_run() { if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@"); else "$@"; fi; }
postgres_name() { if [ -n "$postgres_folder" ]; then echo "a throwaway cluster"; else echo "THIDUA_TEST_POSTGRES_URL"; fi; }
postgres_stop() {
  [ -n "$postgres_folder" ] || return 0
  postgres_run "$postgres_bin/pg_ctl" -D "$postgres_folder/db" -m immediate stop >/dev/null 2>&1
  rm -rf "$postgres_folder" "$postgres_folder.log"
}
