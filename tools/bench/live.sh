# Live updates: 2,000 open streams on one process; from the decision of a moderator until they have been told, and what a
# stream takes of memory. Decisions come from another process on the same database, and from the desk of the server itself.

streams=2000
export THIDUA_DATA="$work/live"
live_rounds=$([ -z "$quick" ] && echo 9 || echo 3)
rows=
for database in SQLite PostgreSQL; do
  unset THIDUA_DATABASE_URL
  [ "$database" = SQLite ] || new_database live
  fill 100 20
  printf 'con ngua van an co' | "$program" user add duyet --role moderator >/dev/null
  serve 64
  read -r page path <<<"$(sql "SELECT id || ' /tin/' || slug FROM announcement ORDER BY id LIMIT 1")"
  curl -s -o /dev/null "$url$path"
  curl -s -o /dev/null -c "$work/cookies" -d name=duyet --data-urlencode 'password=con ngua van an co' "$url/dang-nhap"
  sleep 1
  resident() { awk '/VmRSS/ { print $2 }' "/proc/$process/status"; }
  before=$(resident)
  coproc LISTEN { ulimit -n "$(ulimit -Hn)"; exec taskset -c 1 node tools/bench/live.mjs "$url" "$streams" "$page"; }
  started+=("$LISTEN_PID")
  read -r -t 60 _ <&"${LISTEN[0]}"
  sleep 1
  each=$(divide "$(($(resident) - before))" "$streams" 1)
  for way in command desk; do
    for round in $(seq 1 "$live_rounds"); do
      # An event of the round before does not delay this one.
      sleep 1
      code=$(send_comment "$url$path" "Ý kiến số $round, duyệt bằng $way.")
      code=${code##*/}
      if [ "$way" = command ]; then
        "$program" comment approve "$code" >/dev/null
      else
        item=$(sql "SELECT MAX(id) FROM queue_item WHERE kind = 'comment' AND decided_at IS NULL")
        curl -s -o /dev/null -b "$work/cookies" -d "duyet=$item" "$url/quan-tri/phan-hoi"
      fi
      read -r -t 30 _ half last <&"${LISTEN[0]}" || { echo "the streams were not told" >&2; exit 1; }
      decided=$(sql "SELECT MAX(decided_at) FROM comment")
      echo "live-$database-$way $((half - decided)) $((last - decided))" >>"$work/results"
    done
    name="live-$database-$way"
    slowest=$(awk -v name="$name" '$1 == name && $3 > most { most = $3 } END { print most }' "$work/results")
    [ "$way" = command ] && words="by another process" || words="at the desk"
    rows+="| $database, decided $words | $(median "$name" 2) ms | $(median "$name" 3) ms | $slowest ms | $each KB |"$'\n'
    goal "$database, $streams streams, decided $words: until the last is told" "$slowest" " ms" below 1000
  done
  note_memory "$streams streams on $database" "$process" 64
  kill "$LISTEN_PID" && wait "$LISTEN_PID" 2>/dev/null || true
  stop_servers
done
cat <<TABLE

## Live updates

$streams streams about one page, $live_rounds decisions each way, the server on one core and all listeners in one program on the
other. From the moment of the decision, before it is committed, until half of the streams and until the last one has been told.

| decided | half, median | last, median | last, slowest | memory for each stream |
|---|---|---|---|---|
${rows}
TABLE
unset THIDUA_DATABASE_URL
