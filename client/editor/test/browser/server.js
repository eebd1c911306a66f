/** Serves the built test page under the portal's own policy. */
import { build } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:"
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><rect width="640" height="360" fill="#9db8a0"/><circle cx="500" cy="90" r="46" fill="#f2d98b"/><path d="M0 360 200 150 330 280 430 190 640 360z" fill="#56745c"/></svg>`
const at = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

/** @returns {Promise<{ url: string, close(): void }>} */
export async function serve() {
  const { outputFiles } = await build({
    entryPoints: [at('page.js')],
    bundle: true,
    format: 'esm',
    target: ['chrome111', 'firefox113', 'safari16.2'],
    write: false,
  })
  const css = (await readFile(at('../../editor.css'), 'utf8')) + (await readFile(at('page.css'), 'utf8'))
  const html = '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' +
    '<title>Soạn thảo</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><div id="place"></div><script type="module" src="/page.js"></script>'
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const [type, body] = pathname === '/' ? ['text/html', html]
      : pathname === '/page.js' ? ['text/javascript', outputFiles[0].text]
      : pathname === '/page.css' ? ['text/css', css]
      : pathname.startsWith('/tep/') ? ['image/svg+xml', PICTURE]
      : ['', '']
    response.writeHead(body ? 200 : 404, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY })
    response.end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}
