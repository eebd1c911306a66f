#!/usr/bin/env bash
# Serves the demonstration, a clipping, a withdrawn announcement and one that attacks the reader, from a new data folder, for the browser tests.
set -euo pipefail
export THIDUA_DATA="$THIDUA_E2E_DATA"
"$THIDUA_PROGRAM" demo
for file in clipping.txt withdrawn.md attack.md; do "$THIDUA_PROGRAM" announcement import "$(dirname "$0")/$file" --publish; done
"$THIDUA_PROGRAM" announcement withdraw ket-qua-cham-diem-dot-mot --reason "Số liệu của hai đơn vị chưa đúng, sẽ đăng lại."
# So many that a list has a second page.
for number in 1 2 3 4 5 6 7 8; do
  printf -- '---\ntitle: Bản tin cũ số %s\nlead: Lời dẫn.\npublished: 2019-0%s-01T08:00\n---\n\nThân bài.\n' "$number" "$number" >"$THIDUA_E2E_DATA/old.md"
  "$THIDUA_PROGRAM" announcement import "$THIDUA_E2E_DATA/old.md" --publish
done
exec "$THIDUA_PROGRAM" serve --listen "127.0.0.1:$1"
