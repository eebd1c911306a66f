// The work before a comment, done while it is typed: whoever sends one waits for nothing. Without it the comment is taken
// all the same, and waits for a moderator.

const valid = 9 * 60_000; // a challenge is good for ten minutes

/**
 * @param {() => Promise<object>} ask fetches a challenge of the server
 * @param {(challenge: object) => Promise<string>} work solves it
 */
export function makeAhead(ask, work, now = Date.now) {
  let begun = null;

  /** Begins, unless it has been begun of late. */
  function begin() {
    if (begun && now() - begun.at < valid) return begun;
    const own = { at: now() };
    own.done = (async () => {
      try {
        const challenge = await ask();
        return `${challenge.challenge}:${await work(challenge)}`;
      } catch {
        if (begun === own) begun = null; // the next key tries again
        return '';
      }
    })();
    begun = own;
    return own;
  }

  return {
    begin,
    /** What there is after so many milliseconds at the latest; empty for nothing. */
    async take(most) {
      let timer;
      const late = new Promise((done) => (timer = setTimeout(done, most, '')));
      const taken = await Promise.race([begin().done, late]);
      clearTimeout(timer);
      return taken;
    },
    /** Forgets work that was taken: it counts once. */
    forget() {
      begun = null;
    },
  };
}
