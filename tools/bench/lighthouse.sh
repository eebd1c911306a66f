# Lighthouse, as it is set for phones: home, list and announcement of the demonstration's texts, imported as real ones, so
# that no page asks machines to pass it by.

mkdir -p "$work/papers" "$work/lighthouse"
cp -r demo/announcements/*.md demo/images "$work/papers"
export THIDUA_DATA="$work/lighthouse-data"
unset THIDUA_DATABASE_URL
for paper in "$work"/papers/*.md; do "$program" announcement import "$paper" --publish >/dev/null; done
serve 64
path=/tin/phat-dong-thi-dua-muc-tieu-kep-2021
for number in $(seq 1 10); do
  place=$(send_comment "$url$path" "Xóm tôi cũng làm như vậy từ tháng trước, thấy có ích thật. Đây là góp ý thứ $number.")
  "$program" comment approve "${place##*/}" >/dev/null
done

runs=$([ -z "$quick" ] && echo 3 || echo 1)
cp tools/bench/lighthouse.mjs "$work/lighthouse"
ln -sfn "$(tools/setup.sh modules tools/bench)" "$work/lighthouse/node_modules"
CHROME_PATH=$(command -v chromium) node "$work/lighthouse/lighthouse.mjs" "$runs" "$work/audits" "$url/" "$url/tin" "$url$path" >"$work/scores"
cp tools/bench/takeover.mjs "$work/lighthouse"
CHROME_PATH=$(command -v chromium) node "$work/lighthouse/takeover.mjs" "$((runs * 2 + 1))" "$url/" "$url/tin" "$url$path" >"$work/takeover"
note_memory "Lighthouse" "$process" 64

names=(home list announcement)
cat <<TABLE

## Lighthouse

Mobile, simulated throttling, medians of $runs runs; 16 announcements with pictures, 10 comments, the cache on.

| page | performance | accessibility | best practices | SEO | LCP | TBT | CLS | bytes |
|---|---|---|---|---|---|---|---|---|
TABLE
number=0
while read -r performance accessibility practices seo lcp tbt cls bytes; do
  name=${names[number]}
  echo "| $name | $performance | $accessibility | $practices | $seo | $lcp ms | $tbt ms | $cls | $bytes |"
  number=$((number + 1))
done <"$work/scores"
goal "Lighthouse: the least of the four scores on three pages" "$(cut -d' ' -f1-4 "$work/scores" | tr ' ' '\n' | sort -g | head -n 1)" "" "at least" 100
goal "Lighthouse: the latest LCP of three pages" "$(cut -d' ' -f5 "$work/scores" | sort -g | tail -n 1)" " ms" below 1500
goal "Lighthouse: the longest TBT of three pages" "$(cut -d' ' -f6 "$work/scores" | sort -g | tail -n 1)" " ms" below 50
goal "taking over a page, processor slowed down 4 times: the longest task" "$(cut -d' ' -f1 "$work/takeover" | sort -g | tail -n 1)" " ms" below 100
cat <<TABLE

The client taking over a page in Chromium with the processor slowed down four times, medians of $((runs * 2 + 1)) runs:

| page | longest task | tasks over 50 ms together |
|---|---|---|
$(paste -d' ' <(printf '%s\n' "${names[@]}") "$work/takeover" | sed -E 's/^(\S+) (\S+) (\S+)/| \1 | \2 ms | \3 ms |/')
TABLE
echo
if [ -s "$work/audits" ]; then
  echo "Audits that are not perfect in the last run, with their weight in the score:"
  echo
  cat "$work/audits"
else
  echo "Every audit that counts is perfect."
fi
