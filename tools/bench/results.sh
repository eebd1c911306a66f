# Results: the pages of a campaign's results over ten and over a hundred campaigns (about a million figures), on both
# databases, rendered anew each time and asked for by one connection.

few=10 many=100 of_each=20
[ -z "$quick" ] || many=30
result_pages=(results unit campaign)
result_words() {
  case $1 in
    results) echo "results of one campaign, 20 units" ;; unit) echo "one unit in it" ;; campaign) echo "the campaign's page" ;;
  esac
}
result_address() {
  case $1 in
    results) echo "$url/thi-dua/phong-trao-5/ket-qua" ;;
    unit) echo "$url/thi-dua/phong-trao-5/don-vi/$(sql "SELECT u.slug FROM registration g JOIN unit u ON u.id = g.unit_id WHERE g.campaign_id = 5 ORDER BY g.id LIMIT 1")" ;;
    campaign) echo "$url/thi-dua/phong-trao-5" ;;
  esac
}

connections=1
was=("$rounds" "$seconds")
rounds=5 seconds=2
[ -z "$quick" ] || { rounds=2 seconds=1; }
declare -A address
for database in SQLite PostgreSQL; do
  for size in $few $many; do
    export THIDUA_DATA="$work/results-$database-$size"
    kind=sqlite
    if [ "$database" = PostgreSQL ]; then new_database "results_$size"; kind=postgres; else unset THIDUA_DATABASE_URL; fi
    "$program" migrate >/dev/null
    say "filling $database with $size campaigns of $of_each units"
    node tools/bench/campaigns.mjs "$kind" "$size" "$of_each" | sql >/dev/null
    serve 0
    # From cold: the first answer of a server that has just started.
    note=$(curl -sf -o /dev/null -w '%{time_total}' "$(result_address results)")
    echo "cold-$database-$size 0 $(awk -v s="$note" 'BEGIN { print s * 1000 }') 0 0" >>"$work/results"
    for page in "${result_pages[@]}"; do
      address[$page-$size]=$(result_address "$page")
      curl -sf -o /dev/null "${address[$page-$size]}" || { echo "${address[$page-$size]} does not answer well" >&2; exit 1; }
    done
  done
  for round in $(seq 1 "$rounds"); do
    for page in "${result_pages[@]}"; do
      for size in $few $many; do load "result-$database-$page-$size" "${address[$page-$size]}"; done
    done
  done
  stop_servers
done
unset THIDUA_DATABASE_URL

cat <<TABLE

## Results of campaigns

$few campaigns beside $many, each of $of_each units with 24 reports of 20 figures ($((many * of_each * 24 * 20)) figures in all): p50 with the
cache off, over one connection, medians of $rounds rounds in turns.

| page | SQLite, $few | $many | ratio | PostgreSQL, $few | $many | ratio |
|---|---|---|---|---|---|---|
TABLE
for page in "${result_pages[@]}"; do
  printf '| %s ' "$(result_words "$page")"
  for database in SQLite PostgreSQL; do
    one=$(median "result-$database-$page-$few" 3) other=$(median "result-$database-$page-$many" 3)
    printf '| %.2f ms | %.2f ms | %s ' "$one" "$other" "$(divide "$other" "$one")"
    echo "$(divide "$other" "$one")" >>"$work/result-ratios-$database"
  done
  echo "|"
done
echo "| results, first answer of a server that has just started | $(median "cold-SQLite-$few" 3) ms | $(median "cold-SQLite-$many" 3) ms | | $(median "cold-PostgreSQL-$few" 3) ms | $(median "cold-PostgreSQL-$many" 3) ms | |"
wrong result-
for database in SQLite PostgreSQL; do
  goal "results of one campaign among $many of $few, $database: the page that grows most" "$(sort -gr "$work/result-ratios-$database" | head -n 1)" "" "at most" 1.3
  goal "results of one campaign from cold, $database" "$(median "cold-$database-$many" 3)" " ms" "below" 500
done
connections=32 rounds=${was[0]} seconds=${was[1]}
