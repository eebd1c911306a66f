// What a script adds while a page is open: new comments are told, nothing moves, and a browser has one stream.
import { type Page, type TestInfo } from '@playwright/test';
import { expect, savingData, test, thidua } from './page';

/** Nobody else comments there: each project has an old announcement of its own. */
const pageOf = (info: TestInfo) => `/tin/ban-tin-cu-so-${info.project.name === 'phone' ? 2 : 1}`;

/** Sends a comment and has it approved by the program beside the server. */
async function publish(page: Page, info: TestInfo, name: string): Promise<void> {
  const sent = await page.request.post(pageOf(info), { form: { name, text: 'Xin lắp thêm đèn ở đầu cầu.' } });
  thidua('comment', 'approve', sent.url().split('/').pop()!);
}

/** Opens a page and gives a sign of life, so that the script of its discussion is fetched and the stream is there. */
async function openWatched(page: Page, address: string): Promise<void> {
  const stream = page.waitForRequest((request) => request.url().includes('/su-kien'));
  await page.goto(address);
  await page.locator('.discussion').dispatchEvent('pointerover');
  await stream;
}

const nameOf = (what: string, info: TestInfo) => `${what} ${info.project.name} ${info.repeatEachIndex} ${info.retry}`;

test('a comment that is approved is told to whoever reads, moves nothing, and comes when it is asked for', async ({ page }, info) => {
  const name = nameOf('Mới đến', info);
  const earlier = nameOf('Có trước', info);
  await publish(page, info, earlier);
  await openWatched(page, pageOf(info));
  const read = page.locator('.comment').filter({ hasText: earlier });
  await read.scrollIntoViewIfNeeded();
  const before = await read.boundingBox();
  await publish(page, info, name);
  const button = page.locator('.live').getByRole('button', { name: /phản hồi mới/ });
  await expect(button).toBeVisible();
  expect(await read.boundingBox()).toEqual(before);
  await expect(page.locator('.comment').filter({ hasText: name })).toHaveCount(0);
  await button.click();
  const comment = page.locator('.comment').filter({ hasText: name });
  await expect(comment).toBeVisible();
  await expect(button).toHaveCount(0);
  await expect(page.locator('.live')).toHaveAttribute('role', 'status');
  // It works as if it had come with the page.
  await comment.locator('form button').click();
  await expect(comment.locator('form button')).toHaveText('Bạn đồng tình (1)');
  await comment.locator('form button').click();
  await expect(comment.locator('form button')).toHaveText('Đồng tình');
});

test('what waits or is rejected is not told', async ({ page }, info) => {
  await openWatched(page, pageOf(info));
  const sent = await page.request.post(pageOf(info), { form: { name: nameOf('Bị từ chối', info), text: 'Bán đất nền.' } });
  thidua('comment', 'reject', sent.url().split('/').pop()!, '--reason', 'Quảng cáo');
  // The next one is told by itself.
  const name = nameOf('Được duyệt', info);
  await publish(page, info, name);
  await page.locator('.live').getByRole('button').click();
  await expect(page.locator('.comment').filter({ hasText: name })).toBeVisible();
  await expect(page.locator('.comment').filter({ hasText: nameOf('Bị từ chối', info) })).toHaveCount(0);
});

test('in another order a link leads to the newest', async ({ page }, info) => {
  await publish(page, info, nameOf('Đã có', info));
  await openWatched(page, `${pageOf(info)}?thu-tu=cu`);
  const name = nameOf('Mới nhất', info);
  await publish(page, info, name);
  await page.locator('.live').getByRole('link', { name: /phản hồi mới/ }).click();
  await expect(page).toHaveURL(new RegExp(`${pageOf(info)}#phan-hoi$`));
  await expect(page.locator('.comment').filter({ hasText: name })).toBeVisible();
});

test('two tabs have one stream, and one that is hidden has none', async ({ page, context }, info) => {
  const open = new Set<string>();
  const other = await context.newPage();
  for (const [tab, one] of [['một', page], ['hai', other]] as const) {
    one.on('request', (request) => request.url().includes('/su-kien') && open.add(tab));
    for (const end of ['requestfinished', 'requestfailed'] as const) one.on(end, (request) => request.url().includes('/su-kien') && open.delete(tab));
    // Headless, every tab counts as looked at: this one says what it is told to.
    await one.addInitScript(() => {
      let state: DocumentVisibilityState = 'visible';
      Object.defineProperty(document, 'visibilityState', { get: () => state });
      Object.assign(window, { look: (next: DocumentVisibilityState) => ((state = next), document.dispatchEvent(new Event('visibilitychange'))) });
    });
  }
  const look = (one: Page, state: string) => one.evaluate((state) => (window as unknown as { look(state: string): void }).look(state), state);
  await openWatched(page, pageOf(info));
  await other.goto(pageOf(info));
  await other.locator('.discussion').dispatchEvent('pointerover');
  await expect(other.locator('.live')).toBeAttached();
  const name = nameOf('Hai trang', info);
  await publish(page, info, name);
  for (const one of [page, other]) await expect(one.locator('.live').getByRole('button')).toBeVisible();
  expect([...open]).toEqual(['một']);

  // The one that has the stream is hidden: the other takes it over, and is told.
  await look(page, 'hidden');
  await expect.poll(() => [...open]).toEqual(['hai']);
  await other.locator('.live').getByRole('button').click();
  await publish(page, info, `${name} nữa`);
  await expect(other.locator('.live').getByRole('button')).toBeVisible();
  await look(other, 'hidden');
  await expect.poll(() => [...open]).toEqual([]);
  // Looked at again, a page hears what it has missed.
  await look(page, 'visible');
  await expect.poll(() => [...open]).toEqual(['một']);
  await page.locator('.live').getByRole('button').click();
  await expect(page.locator('.comment').filter({ hasText: `${name} nữa` })).toBeVisible();
});

test('a reader who saves data has no stream', async ({ page }, info) => {
  await savingData(page);
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().includes('/su-kien'))));
  await page.goto(pageOf(info));
  await page.locator('.discussion').dispatchEvent('pointerover');
  await expect(page.locator('.live')).toBeAttached();
  expect(asked).toBe(0);
});
