// Starts the program and prints how many milliseconds later the home page was answered: node start.mjs PROGRAM PORT
import { spawn } from "node:child_process";
import { get } from "node:http";

const [program, port] = process.argv.slice(2);
const began = performance.now();
const server = spawn(program, ["serve", "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });

const ask = () =>
  new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path: "/" }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode === 200));
    });
    request.on("error", () => setTimeout(resolve, 1, false));
  });

while (!(await ask())) if (performance.now() - began > 20_000) throw new Error("no answer within 20 s");
console.log((performance.now() - began).toFixed(0));
server.kill();
await new Promise((resolve) => server.on("exit", resolve));
