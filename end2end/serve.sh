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
# Officials, each named by the project and the file that uses it, so that tests do not meet; all have the same password.
for place in desktop phone desktop-khong phone-khong; do
  for file in desk desk-pages desk-script; do
    for role in editor publisher moderator administrator; do
      printf 'con ngua van an co' | "$THIDUA_PROGRAM" user add "$role-$place-$file" --role "$role" --display-name "$role $place"
    done
    printf 'con ngua van an co' | "$THIDUA_PROGRAM" user add "second-$place-$file" --role editor --display-name "second $place"
  done
done
# Two moderators of one queue.
for place in desktop phone; do
  for role in moderator moderator-hai; do
    printf 'con ngua van an co' | "$THIDUA_PROGRAM" user add "$role-$place-moderating-script" --role moderator --display-name "$role $place"
  done
done
# Two moderators, of whom one looks at what the other rejected.
for place in desktop phone desktop-khong phone-khong; do
  for role in moderator moderator-hai; do
    printf 'con ngua van an co' | "$THIDUA_PROGRAM" user add "$role-$place-answering" --role moderator --display-name "$role $place"
  done
done
# A moderator of rules for each project.
for place in desktop phone desktop-khong phone-khong; do
  printf 'con ngua van an co' | "$THIDUA_PROGRAM" user add "moderator-$place-ruling" --role moderator --display-name "moderator $place"
done
# Campaigns: an officer, a publisher, and somebody who reports for a unit of each project.
for place in desktop phone desktop-khong phone-khong; do
  "$THIDUA_PROGRAM" unit add "Xã Thử $place"
  printf 'con ngua van an co' | "$THIDUA_PROGRAM" user add "unit-contributor-$place-answering" --role unit-contributor --unit "xa-thu-$place" --display-name "answers $place"
  files="campaign example"
  [[ $place == *-khong ]] || files="campaign example report-script"
  for file in $files; do
    for role in campaign-officer publisher moderator; do
      printf 'con ngua van an co' | "$THIDUA_PROGRAM" user add "$role-$place-$file" --role "$role" --display-name "$role $place"
    done
    printf 'con ngua van an co' | "$THIDUA_PROGRAM" user add "unit-contributor-$place-$file" --role unit-contributor --unit "xa-thu-$place" --display-name "reporter $place"
  done
done
# Tests in parallel sign in from one address.
export THIDUA_RATE_LIMIT=off
exec "$THIDUA_PROGRAM" serve --listen "127.0.0.1:$1"
