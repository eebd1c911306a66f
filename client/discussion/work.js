// Work that the server asks for is done beside the page, which stays free for its reader.

/** Gives the number that solves a challenge of the server. */
export function work(challenge) {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL('proof-worker.js', import.meta.url), { type: 'module' });
    const end = (answer, value) => {
      worker.terminate();
      answer(value);
    };
    worker.onmessage = ({ data }) => end(done, data);
    worker.onerror = (error) => end(failed, error);
    worker.postMessage(challenge);
  });
}
