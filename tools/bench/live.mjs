// Opens so many streams of events about one page, and says on standard output when all of them have been told something:
// the moment at which half of them were, and the moment at which the last one was, in milliseconds since 1970.
//   node tools/bench/live.mjs <address> <streams> <the page's id>
import { connect } from 'node:net';

const [address, count, page] = process.argv.slice(2);
const { hostname, port } = new URL(address);
const streams = Number(count);
const arrivals = []; // of each event, by its number, the moments at which it arrived

const heard = (event) => {
  const moments = (arrivals[event] ??= []);
  moments.push(Date.now());
  if (moments.length === streams) console.log('told', moments[streams >> 1], moments.at(-1));
};

// A hundred begin at once: more would wait for the connection, not for the server.
let begun = 0;
function begin() {
  if (begun++ >= streams) return;
  let events = 0;
  const socket = connect(Number(port), hostname, () => socket.write(`GET /su-kien?trang=${page} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: text/event-stream\r\n\r\n`));
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    for (let found = text.split('event: phan-hoi').length - 1; found > 0; found--) {
      if (events === 0) begin();
      heard(events++);
    }
  });
  for (const end of ['error', 'close']) {
    socket.on(end, (error) => {
      console.error(`a stream ended: ${error}`);
      process.exit(1);
    });
  }
}
for (let number = 0; number < 100; number++) begin();
