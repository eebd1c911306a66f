# Memory, start, size: what the program takes when it has nothing to do and after the loads of the parts before, how long
# it takes from its start to its first answer over a database that is there, and how large it is.

use_folder 1000 50
starts=$([ -z "$quick" ] && echo 15 || echo 7)
first_answer=$(for _ in $(seq 1 "$starts"); do node tools/bench/start.mjs "$program" "$(free_port)"; done | middle)
serve 64
curl -s -o /dev/null "$url/"
sleep 2
idle=$(memory "$process")

cat <<TABLE

## Memory, start, size

From the start to the first answer of the home page over 1,000 announcements: $first_answer ms (median of $starts).
The program: $(divide "$(stat -c %s "$program")" 1000000 1) MB.

| resident memory | MB | setting of the cache |
|---|---|---|
| idle, 1,000 announcements | $idle | 64 MB |
$(awk -F'\t' '{ printf "| after: %s | %s | %s MB |\n", $1, $2, $3 }' "$work/memory")
TABLE
goal "start to first answer" "$first_answer" " ms" below 300
goal "memory idle, 1,000 announcements" "$idle" " MB" below 60
# What is kept may fill the setting; all else may take what an idle program may.
if [ -s "$work/memory" ]; then
  goal "memory after any load, over the setting" "$(awk -F'\t' '{ over = $2 - $3; if (NR == 1 || over > most) most = over } END { print most }' "$work/memory")" " MB" below 60
fi
