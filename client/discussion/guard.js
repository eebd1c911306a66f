// Finds what looks like personal data in what a citizen writes, before it is sent. The server finds the same with the
// same patterns (src/domain/guard.rs), so that a writer is warned of exactly what would be masked.
//
// The rule for guard.json: earlier patterns go first where two overlap. What is found is the pattern's only group; around
// it stands what has to be there. A match without the group is something else that must not be mistaken (an amount, a
// code, a document's number). After a find the search goes on right behind the group, else behind the match.

import patterns from './guard.json' with { type: 'json' };

const finders = patterns.map(({ kind, pattern }) => ({ kind, search: new RegExp(pattern, 'dgiu') }));

/**
 * What looks like a telephone number, a citizen's number, a bank account or an e-mail address, in order and without
 * overlaps. The text has to be composed (NFC), as the server stores it.
 *
 * @param {string} text
 * @returns {{ kind: 'phone' | 'citizen-number' | 'email' | 'account', from: number, to: number }[]}
 */
export function findPersonal(text) {
  const found = [];
  for (const { kind, search } of finders) {
    search.lastIndex = 0;
    for (let match; (match = search.exec(text)); ) {
      const range = match.indices[1];
      if (!range) continue;
      const [from, to] = range;
      if (!found.some((one) => from < one.to && one.from < to)) found.push({ kind, from, to });
      search.lastIndex = to;
    }
  }
  return found.sort((one, other) => one.from - other.from);
}
