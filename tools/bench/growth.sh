# Growth: the same pages over a small and a large data set, on both databases, rendered anew each time and asked for by
# one connection, so that p50 is the rendering and no queue.

small=1000 large=100000 large_comments=1,000,000
[ -z "$quick" ] || { large=10000 large_comments=100,000; }
pages=(home list deep category tag announcement rare common tracking)
words_of() {
  case $1 in
    home) echo "home" ;; list) echo "list, page 1" ;; deep) echo "list, page 1,000 (or the last)" ;; category) echo "category" ;; tag) echo "tag" ;;
    announcement) echo "announcement, 50 comments" ;; rare) echo "search, a word in 20" ;; common) echo "search, a word in all" ;; tracking) echo "tracking" ;;
  esac
}

# The addresses of the measured pages, for the server at $url over the database that is set now.
address_of() { # page, announcements
  local depth=$(($2 / 20 < 1000 ? $2 / 20 : 1000))
  case $1 in
    home) echo "$url/" ;;
    list) echo "$url/tin" ;;
    deep) echo "$url/tin?truoc=$(sql "SELECT first_published_at || '-' || id FROM announcement WHERE state = 'published' ORDER BY first_published_at DESC, id DESC LIMIT 1 OFFSET $(((depth - 1) * 20 - 1))")" ;;
    category) echo "$url/tin/chuyen-muc/phat-dong" ;;
    tag) echo "$url/nhan/trong-rung-ban-xa" ;;
    announcement) echo "$url$(path_with_fifty "$2" 5)" ;;
    rare) echo "$url/tim-kiem?q=qu%E1%BB%83nh" ;;
    common) echo "$url/tim-kiem?q=phong" ;;
    tracking) send_comment "$url$(path_with_fifty "$2" 3)" "Góp ý để theo dõi, gửi lúc $(date +%s%N)." ;;
  esac
}

connections=1
was=("$rounds" "$seconds")
rounds=5 seconds=2
[ -z "$quick" ] || { rounds=2 seconds=1; }
declare -A address
for database in SQLite PostgreSQL; do
  for size in $small $large; do
    comments=$((size == small ? 50 : 10))
    if [ "$database" = SQLite ]; then
      use_folder "$size" "$comments"
    else
      export THIDUA_DATA="$work/growth-$size"
      new_database "growth_$size"
      fill "$size" "$comments"
    fi
    serve 0
    [ "$size" = "$large" ] && large_process=$process
    for page in "${pages[@]}"; do
      address[$page-$size]=$(address_of "$page" "$size")
      curl -sf -o /dev/null "${address[$page-$size]}" || { echo "${address[$page-$size]} does not answer well" >&2; exit 1; }
    done
  done
  for round in $(seq 1 "$rounds"); do
    say "$database, round $round of $rounds"
    for page in "${pages[@]}"; do
      for size in $small $large; do load "grow-$database-$page-$size" "${address[$page-$size]}"; done
    done
  done
  note_memory "pages over $large announcements on $database, cache off" "$large_process" 0
done
unset THIDUA_DATABASE_URL

cat <<TABLE

## Growth

$small announcements with 50,000 comments beside $large with $large_comments${quick:+ (a full run has 100,000 with 1,000,000)}: p50 with the cache off,
over one connection, medians of $rounds rounds in turns. The small set ends with page $((small / 20)) of its list, which stands for page 1,000${quick:+; here the large one ends with page $((large / 20))}.

| page | SQLite, small | large | ratio | PostgreSQL, small | large | ratio |
|---|---|---|---|---|---|---|
TABLE
for page in "${pages[@]}"; do
  printf '| %s ' "$(words_of "$page")"
  for database in SQLite PostgreSQL; do
    one=$(median "grow-$database-$page-$small" 3) other=$(median "grow-$database-$page-$large" 3)
    printf '| %.2f ms | %.2f ms | %s ' "$one" "$other" "$(divide "$other" "$one")"
    echo "$(divide "$other" "$one")"$'\t'"$(words_of "$page")" >>"$work/grown-$database"
  done
  echo "|"
done
wrong grow-
for database in SQLite PostgreSQL; do
  IFS=$'\t' read -r ratio words < <(sort -gr "$work/grown-$database")
  goal "growth x$((large / small)), $database: p50 of the small set's, on the page that grows most ($words)" "$ratio" "" "at most" 1.3
done
connections=32 rounds=${was[0]} seconds=${was[1]}
