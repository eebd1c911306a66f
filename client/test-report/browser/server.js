// Serves the report's form as the server writes it, with its script, the check and a saving that answers as it is told.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { WORDS } from './words.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
/** The desk's policy. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'";
const SCRIPT = "import { openReport } from './desk/report.js';\nopenReport(document.getElementById('bao-cao'), () => import('./check.js'));\n";

const TARGETS = [
  { code: 'PD1', name: 'Cây xanh trồng mới', unit: 'cây', counting: 'sum', goal: '1200', earlier: ['10', null, '12.5'] },
  { code: 'PD2', name: 'Hộ thoát nghèo bền vững', unit: 'hộ', counting: 'sum', goal: '60', earlier: [] },
  { code: 'PD3', name: 'Tỷ lệ hồ sơ giải quyết đúng hạn', unit: '%', counting: 'level', goal: null, earlier: ['95.5'] },
  { code: 'PD4', name: 'Tuyến đường tự quản “sáng, xanh, sạch, đẹp”', unit: 'km', counting: 'sum', goal: null, earlier: [] },
];

const attribute = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const row = ({ code, name, unit, ...asked }, value = '') => `<tr data-figure="${attribute(JSON.stringify({ code, ...asked }))}">
  <th scope="row"><label for="so-${code}">${name}</label></th><td data-name="Đơn vị">${unit}</td><td data-name="Kỳ trước">${asked.earlier.at(-1)?.replace('.', ',') ?? '–'}</td>
  <td><input id="so-${code}" name="so-${code}" inputmode="decimal" aria-describedby="noi-${code}" value="${value}" autocomplete="off"> <p class="cell-said" id="noi-${code}" role="status"></p></td>
  <td class="cell-reason"><label for="ly-do-${code}">Lý do</label><textarea id="ly-do-${code}" name="ly-do-${code}" rows="1"></textarea></td></tr>`;
const page = (values) => `<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Báo cáo</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><script type="module" src="/page.js"></script>
<body class="desk"><main class="page desk-page desk-page--wide"><h1>Báo cáo tháng 3/2025</h1>
<form id="bao-cao" method="post" action="/bao-cao" data-save="/bao-cao/tu-luu" data-id="report:12:34" data-words="${attribute(JSON.stringify(WORDS))}" data-sign-in="/dang-nhap" data-lang="vi">
<input type="hidden" name="version" value="3"> <input type="hidden" name="base" value="">
<p class="save-state" data-save-state role="status"></p>
<table class="report-table"><thead><tr><th scope="col">Chỉ tiêu</th><th scope="col">Đơn vị</th><th scope="col">Kỳ trước</th><th scope="col">Số liệu kỳ này</th><th scope="col">Lý do nếu khác thường</th></tr></thead>
<tbody>${TARGETS.map((target) => row(target, values[`so-${target.code}`])).join('\n')}</tbody></table>
<div class="field"><label for="noi-dung">Việc đã làm</label><textarea name="noi-dung" id="noi-dung"></textarea></div>
<div class="form-actions save-actions"><button class="button" name="viec" value="luu">Lưu</button> <button class="button button--strong" name="viec" value="gui">Gửi</button></div>
</form></main></body></html>`;

/** `saves` is what was sent; `answers` what the next savings are answered, else that all went well. */
export async function serve({ check = process.env.THIDUA_CHECK, policy = POLICY, values = {} } = {}) {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: at('../..') },
    bundle: true,
    format: 'esm',
    target: ['chrome111', 'firefox113', 'safari16.2'],
    external: ['./check.js'],
    write: false,
  });
  const { outputFiles: [style] } = await build({ stdin: { contents: "@import './main.css';\n@import './desk.css';\n@import './report-form.css';", loader: 'css', resolveDir: at('../../style') }, bundle: true, write: false, outfile: 'page.css', external: ['../client/*'] });
  const saves = [];
  const answers = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const end = (type, body, status = 200) => response.writeHead(status, { 'content-type': type, 'content-security-policy': policy }).end(body);
    if (pathname === '/') return end('text/html; charset=utf-8', page(values));
    if (pathname === '/page.js') return end('text/javascript', outputFiles[0].text);
    if (pathname === '/page.css') return end('text/css', style.text);
    if (pathname === '/check.js' && check) return end('text/javascript', await readFile(`${check}/check.js`));
    if (pathname === '/check_bg.wasm' && check) return end('application/wasm', await readFile(`${check}/check_bg.wasm`));
    if (request.method !== 'POST') return end('text/plain', '', 404);
    let sent = '';
    for await (const piece of request) sent += piece;
    const cells = Object.fromEntries(new URLSearchParams(sent));
    if (pathname === '/bao-cao') return end('text/html', 'sent');
    saves.push(cells);
    const { status = 200, ...answer } = answers.shift() ?? { saved: 'done', version: Number(cells.version) + 1, cells: {} };
    return end('application/json', JSON.stringify(answer), status);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  return { url: `http://127.0.0.1:${server.address().port}/`, saves, answers, close: () => server.close() };
}
