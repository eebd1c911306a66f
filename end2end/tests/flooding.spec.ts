// A thousand comments that a machine sends, with script and without: one thing in the queue, one decision, and whoever is
// honest gets through. On a portal of its own, with its limits on, behind a proxy that names each sender.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type APIRequestContext, expect } from '@playwright/test';
import { official, PASSWORD, signIn } from './official';
import { SLUG, run, test as base } from './page';

const ADDRESSES = 10;
const EACH = 100;

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

const test = base.extend<object, { portal: { url: string; data: string } }>({
  portal: [
    async ({}, use) => {
      const data = mkdtempSync(join(tmpdir(), 'thidua-flood-'));
      run(data, ['migrate']);
      run(data, ['announcement', 'import', fileURLToPath(new URL('../clipping.txt', import.meta.url)), '--publish']);
      const port = await freePort();
      const env = { ...process.env, THIDUA_DATA: data, THIDUA_RATE_LIMIT: 'on', THIDUA_TRUSTED_PROXIES: '127.0.0.1' };
      const server = spawn(process.env.THIDUA_PROGRAM!, ['serve', '--listen', `127.0.0.1:${port}`], { env, stdio: 'ignore' });
      const url = `http://127.0.0.1:${port}`;
      await expect.poll(() => fetch(`${url}/readyz`).then((answer) => answer.ok, () => false), { timeout: 30_000 }).toBe(true);
      await use({ url, data });
      server.kill();
      await once(server, 'exit');
      rmSync(data, { recursive: true });
    },
    { scope: 'worker' },
  ],
  baseURL: ({ portal }, use) => use(portal.url),
});

/** Sends so many comments without work from each of some addresses, and gives their receipt codes. */
async function flood(request: APIRequestContext, page: string): Promise<string[]> {
  const codes: string[] = [];
  const from = async (address: number) => {
    for (let number = 1; number <= EACH; number += 1) {
      const answer = await request.post(page, {
        form: { name: `Máy ${address}`, text: `Bán đất nền lô ${address}-${number}, xem ở https://dat-nen.example/` },
        headers: { 'x-forwarded-for': `198.51.100.${address}` },
        maxRedirects: 0,
      });
      expect(answer.status()).toBe(303);
      codes.push(answer.headers().location.split('/').pop()!);
    }
  };
  await Promise.all([...Array(ADDRESSES).keys()].map((address) => from(address + 1)));
  return codes;
}

test('a thousand comments of a machine cost one decision, and an honest one gets through', async ({ page, browser, portal }, info) => {
  test.slow();
  const news = `/tin/${SLUG}`;
  run(portal.data, ['user', 'add', official('moderator', info), '--role', 'moderator', '--display-name', 'Kiểm duyệt viên'], PASSWORD);

  const { viewport, isMobile, hasTouch, javaScriptEnabled, locale } = info.project.use;
  const extraHTTPHeaders = { 'x-forwarded-for': '203.0.113.7' };
  const citizen = await browser.newContext({ viewport, isMobile, hasTouch, javaScriptEnabled, locale, baseURL: portal.url, extraHTTPHeaders });
  const reader = await citizen.newPage();
  await reader.goto(news);
  await reader.getByLabel('Họ và tên').pressSequentially('Bà Tư');
  await reader.getByLabel('Nội dung phản hồi').fill('Cổng trường em còn ngập.');
  await reader.getByRole('button', { name: 'Gửi phản hồi' }).click();
  await expect(reader).toHaveURL(/\/theo-doi\//);
  const receipt = new URL(reader.url()).pathname;
  const codes = await flood(citizen.request, news);
  expect(codes.length).toBe(ADDRESSES * EACH);

  await signIn(page, 'moderator', info);
  await page.goto('/quan-tri/phan-hoi');
  const honest = page.locator('.queue-item').filter({ hasText: 'Bà Tư' });
  const flooded = page.locator('.queue-item').filter({ hasText: 'chờ chung một quyết định' });
  await expect(flooded).toHaveCount(1);
  // She waits for herself: nobody else at her address had anything to do with it.
  await expect(page.locator('.queue-item')).toHaveCount(2);
  await expect(honest).toHaveCount(1);
  await expect(flooded).toContainText('1.000 phản hồi chờ chung một quyết định');
  await flooded.getByRole('link', { name: 'Xem và quyết định cả đợt' }).click();
  await page.getByLabel('Lý do (người gửi sẽ đọc)').selectOption({ label: 'Quảng cáo, mua bán hoặc dẫn sang trang lạ' });
  await page.getByRole('button', { name: 'Từ chối cả 1.000 phản hồi' }).click();
  await expect(page.getByText('Đã từ chối cả đợt: 1.000 phản hồi.')).toBeVisible();

  await page.goto('/quan-tri/phan-hoi');
  await expect(page.locator('.queue-item')).toHaveCount(1);
  await honest.getByRole('button', { name: 'Duyệt', exact: true }).click();
  await expect(honest).toHaveCount(0);

  // Whoever was rejected reads why; of the thousand nothing is public; what is honest is.
  await reader.goto(`/theo-doi/${codes[500]}`);
  await expect(reader.getByText('Quảng cáo, mua bán hoặc dẫn sang trang lạ').first()).toBeVisible();
  await reader.goto(receipt);
  await expect(reader.getByText('Quảng cáo, mua bán hoặc dẫn sang trang lạ')).toHaveCount(0);
  await reader.goto(news);
  await expect(reader.locator('.comment')).toHaveCount(1);
  await expect(reader.locator('.comment')).toContainText('Cổng trường em còn ngập.');
  await citizen.close();
});
