// Solves a proof of work: finds a number that, put behind the challenge and a colon, gives a SHA-256 that begins with so
// many zero bits. The browser's own SHA-256 answers asynchronously and takes longer to ask than to hash; this one doesn't.

// The cube roots of the first 64 primes and the square roots of the first eight, 32 bits behind the point.
const behindPoint = (number) => (number % 1) * 2 ** 32 | 0;
const primes = [];
for (let number = 2; primes.length < 64; number++) if (primes.every((prime) => number % prime)) primes.push(number);
const constants = Int32Array.from(primes, (prime) => behindPoint(Math.cbrt(prime)));
const start = Int32Array.from(primes.slice(0, 8), (prime) => behindPoint(Math.sqrt(prime)));

const schedule = new Int32Array(64);

// Takes the 16 words of a block from `at` on into the eight words of the state.
function compress(state, words, at) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    let word;
    if (i < 16) word = words[at + i];
    else {
      const x = schedule[i - 15];
      const y = schedule[i - 2];
      word = schedule[i - 16] + schedule[i - 7]
        + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
    }
    schedule[i] = word;
    const one = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (g ^ e & (f ^ g)) + constants[i] + word | 0;
    const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ c & (a ^ b)) | 0;
    h = g;
    g = f;
    f = e;
    e = d + one | 0;
    d = c;
    c = b;
    b = a;
    a = one + two | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/**
 * A nonce that solves the challenge; the server's `is_solved` (src/domain/proof.rs) checks it.
 *
 * @param {string} challenge ASCII
 * @param {number} bits at most 32
 * @returns {string} ten digits
 */
export function solve(challenge, bits) {
  const text = `${challenge}:0000000000`;
  const first = text.length - 10 >> 6; // the block in which the nonce begins
  const last = text.length + 8 >> 6;
  const words = new Int32Array(last + 1 << 4);
  const add = (at, byte) => words[at >> 2] += byte << 24 - at % 4 * 8;
  for (let i = 0; i < text.length; i++) add(i, text.charCodeAt(i));
  add(text.length, 128);
  words[words.length - 1] = text.length * 8;

  // What stands before that block is the same for every nonce.
  const middle = start.slice();
  for (let block = 0; block < first; block++) compress(middle, words, block << 4);

  const state = new Int32Array(8);
  const digits = new Uint8Array(10);
  for (;;) {
    state.set(middle);
    for (let block = first; block <= last; block++) compress(state, words, block << 4);
    if (Math.clz32(state[0]) >= bits) return digits.join('');
    // The next number, as one counts on paper.
    let place = 9;
    for (; digits[place] === 9; place--) {
      digits[place] = 0;
      add(text.length - 10 + place, -9);
    }
    digits[place]++;
    add(text.length - 10 + place, 1);
  }
}
