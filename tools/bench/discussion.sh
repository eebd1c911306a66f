# Discussions: pages of one with 20,000 comments beside one that fills its pages (300) and one with 20, all in one
# database; the moderators' queue with 1,000 waiting beside one that fills its first page (100) and one with 20. Both
# databases, every page rendered anew, one connection.

few=20 full=300 lots=20000 short_queue=20 full_queue=100 long_queue=1000
[ -z "$quick" ] || lots=5000
discussion_pages=(newest oldest agreed middle thread answer)
discussion_words() {
  case $1 in
    newest) echo "the newest first" ;; oldest) echo "the oldest first" ;; agreed) echo "most agreed first" ;;
    middle) echo "the middle of them, by its cursor" ;; thread) echo "the page of the longest thread" ;; answer) echo "the page of its middle answer" ;;
  esac
}
discussion_address() { # page, how many
  local of="FROM comment c JOIN discussion d ON d.id = c.discussion_id JOIN announcement a ON a.id = d.subject_id WHERE a.slug = 'co-$2' AND c.shown"
  local first="SELECT c.thread_id $of AND c.thread_id IS NOT NULL GROUP BY c.thread_id ORDER BY COUNT(*) DESC, c.thread_id LIMIT 1"
  case $1 in
    newest) echo "$url/tin/co-$2" ;;
    oldest) echo "$url/tin/co-$2?thu-tu=cu" ;;
    agreed) echo "$url/tin/co-$2?thu-tu=dong-tinh" ;;
    middle) echo "$url/tin/co-$2?thu-tu=moi&tu=$(sql "SELECT c.created_at || '-' || c.id $of AND c.thread_id IS NULL ORDER BY c.created_at DESC LIMIT 1 OFFSET $(($2 / 4))")" ;;
    thread) echo "$url/phan-hoi/$(sql "$first")" ;;
    answer) echo "$url/phan-hoi/$(sql "SELECT c.id $of AND c.thread_id = ($first) ORDER BY c.created_at LIMIT 1 OFFSET $(($2 / 40))")" ;;
  esac
}
bring_in() { # published|waiting, slug:how many …
  local page
  for page in "${@:2}"; do
    printf -- '---\ntitle: Trang có %s phản hồi\nslug: %s\nlead: Lời dẫn.\n---\nĐoạn một.\n' "${page#*:}" "${page%:*}" >"$work/page.md"
    "$program" announcement import "$work/page.md" --publish >/dev/null
  done
  node tools/bench/discussion.mjs "$@" >"$work/comments.json"
  "$program" comment import "$work/comments.json" >&2
}

connections=1
was=("$rounds" "$seconds")
rounds=5 seconds=2
[ -z "$quick" ] || { rounds=2 seconds=1; }
declare -A address
brought=()
for database in SQLite PostgreSQL; do
  export THIDUA_DATA="$work/discussion-$database"
  unset THIDUA_DATABASE_URL
  [ "$database" = SQLite ] || new_database discussion
  "$program" migrate >/dev/null
  begun=$(date +%s%N)
  bring_in published "co-$few:$few" "co-$full:$full" "co-$lots:$lots"
  brought+=("$database $(divide "$((few + full + lots))" "$(divide "$(($(date +%s%N) - begun))" 1000000000)" 0)")
  [ "$database" = SQLite ] || sql "VACUUM ANALYZE" >/dev/null
  serve 0
  for page in "${discussion_pages[@]}"; do
    for size in $few $full $lots; do
      address[$page-$size]=$(discussion_address "$page" "$size")
      curl -sf -o /dev/null "${address[$page-$size]}" || { echo "${address[$page-$size]} does not answer well" >&2; exit 1; }
    done
  done
  for round in $(seq 1 "$rounds"); do
    say "discussions on $database, round $round of $rounds"
    for page in "${discussion_pages[@]}"; do
      for size in $few $full $lots; do load "discussion-$database-$page-$size" "${address[$page-$size]}"; done
    done
  done
  stop_servers
done
unset THIDUA_DATABASE_URL

cat <<TABLE

## Discussions

$lots comments beside $full, which fill every one of these pages, and beside $few: p50 with the cache
off, over one connection, medians of $rounds rounds in turns. \`thidua comment import\` had brought
them in at so many a second: ${brought[*]}.

| page | SQLite, $few | $full | $lots | of $full | PostgreSQL, $few | $full | $lots | of $full |
|---|---|---|---|---|---|---|---|---|
TABLE
for page in "${discussion_pages[@]}"; do
  printf '| %s ' "$(discussion_words "$page")"
  for database in SQLite PostgreSQL; do
    one=$(median "discussion-$database-$page-$full" 3) other=$(median "discussion-$database-$page-$lots" 3)
    printf '| %.2f ms | %.2f ms | %.2f ms | %s ' "$(median "discussion-$database-$page-$few" 3)" "$one" "$other" "$(divide "$other" "$one")"
    echo "$(divide "$other" "$one")"$'\t'"$(discussion_words "$page")" >>"$work/discussed-$database"
  done
  echo "|"
done
wrong discussion-

# ---- the queue --------------------------------------------------------------------------------------------------------

sign_in() {
  curl -s -o /dev/null -D - -d name=lan --data-urlencode "password=con ngựa vằn ăn cỏ" "$url/dang-nhap" |
    tr -d '\r' | awk 'tolower($1) == "set-cookie:" { sub(/;.*/, ""); sub(/^[^ ]* /, ""); print; exit }'
}
queue_address() { # which page
  local at=$((50 * ($1 - 1) - 1))
  [ "$1" = 1 ] && { echo "$url/quan-tri/phan-hoi"; return; }
  echo "$url/quan-tri/phan-hoi?tu=$(sql "SELECT since || '-' || id FROM queue_item WHERE decided_at IS NULL ORDER BY since, id LIMIT 1 OFFSET $at")"
}
# Approves some, one after the other, and notes how long each took.
decide() { # name, cookie
  local id answer
  for id in $(sql "SELECT id FROM queue_item WHERE decided_at IS NULL ORDER BY since, id LIMIT 5"); do
    answer=$(curl -s -o /dev/null -w '%{http_code} %{time_total}' -H "Cookie: $2" -d "duyet=$id" "$url/quan-tri/phan-hoi")
    awk -v name="$1" -v answer="$answer" 'BEGIN { split(answer, a, " "); print name, 0, a[2] * 1000, 0, a[1] == 303 ? 0 : 1 }' >>"$work/results"
  done
}

declare -A queue_url cookie
for database in SQLite PostgreSQL; do
  for size in $short_queue $full_queue $long_queue; do
    export THIDUA_DATA="$work/queue-$database-$size"
    unset THIDUA_DATABASE_URL
    [ "$database" = SQLite ] || new_database "queue_$size"
    echo "con ngựa vằn ăn cỏ" | "$program" user add lan --role moderator >/dev/null
    bring_in waiting "cho:$size"
    [ "$database" = SQLite ] || sql "VACUUM ANALYZE" >/dev/null
    serve 0
    queue_url[$size]=$url cookie[$size]=$(sign_in)
    [ "$size" = "$long_queue" ] && tenth=$(queue_address 10)
  done
  for round in $(seq 1 "$rounds"); do
    for size in $short_queue $full_queue $long_queue; do
      load "queue-$database-first-$size" "${queue_url[$size]}/quan-tri/phan-hoi" -H "Cookie: ${cookie[$size]}"
    done
    load "queue-$database-tenth-$long_queue" "$tenth" -H "Cookie: ${cookie[$long_queue]}"
  done
  for size in $short_queue $full_queue $long_queue; do
    url=${queue_url[$size]} THIDUA_DATA="$work/queue-$database-$size"
    [ "$database" = SQLite ] || THIDUA_DATABASE_URL="${THIDUA_DATABASE_URL%/*}/queue_$size"
    decide "queue-$database-decide-$size" "${cookie[$size]}"
  done
  stop_servers
done
unset THIDUA_DATABASE_URL

cat <<TABLE

$long_queue waiting comments beside $full_queue, which fill the first page of 50, and beside $short_queue, as a moderator meets them.

| the queue | SQLite, $short_queue | $full_queue | $long_queue | of $full_queue | PostgreSQL, $short_queue | $full_queue | $long_queue | of $full_queue |
|---|---|---|---|---|---|---|---|---|
TABLE
for what in first tenth decide; do
  case $what in first) printf '| the first page ' ;; tenth) printf '| the tenth page, beside the first of %s ' "$full_queue" ;; decide) printf '| approving one ' ;; esac
  for database in SQLite PostgreSQL; do
    beside=$([ "$what" = tenth ] && echo first || echo "$what")
    one=$(median "queue-$database-$beside-$full_queue" 3) other=$(median "queue-$database-$what-$long_queue" 3)
    printf '| %.2f ms | %.2f ms | %.2f ms | %s ' "$(median "queue-$database-$beside-$short_queue" 3)" "$one" "$other" "$(divide "$other" "$one")"
    echo "$(divide "$other" "$one")" >>"$work/queued-$database"
  done
  echo "|"
done
wrong queue-
for database in SQLite PostgreSQL; do
  IFS=$'\t' read -r ratio words < <(sort -gr "$work/discussed-$database")
  goal "a discussion of $lots comments, of one that fills its page, $database: the page that grows most ($words)" "$ratio" "" "at most" 1.3
  goal "a queue of $long_queue, of one that fills its page, $database: what grows most" "$(sort -gr "$work/queued-$database" | head -n 1)" "" "at most" 1.5
done
connections=32 rounds=${was[0]} seconds=${was[1]}
