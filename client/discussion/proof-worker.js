// Solves a proof of work beside the page, which stays free for its writer.

import { solve } from './proof.js';

onmessage = ({ data: { challenge, bits } }) => postMessage(solve(challenge, bits));
