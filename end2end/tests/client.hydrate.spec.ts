// What the client (WebAssembly) adds: pages change without loading a document, and the form checks and sends in place.
import type { Page } from '@playwright/test';
import { SLUG, expect, preferringLessData, ready, savingData, test, thidua } from './page';

/** Marks the document, so that a test can tell whether another one was loaded. */
const mark = (page: Page) => page.evaluate(() => document.documentElement.setAttribute('data-marked', ''));
const stayed = (page: Page) => expect(page.locator('html[data-marked]')).toBeAttached();

test('the client is kept for good under a name of its bytes, and travels small', async ({ page }) => {
  const answers = Promise.all([/thidua\.wasm$/, /thidua\.js$/, /loader\.js$/, /thidua\.css$/].map((file) => page.waitForResponse(file)));
  await page.goto('/');
  await ready(page);
  for (const answer of await answers) {
    expect(answer.url()).toMatch(/\/pkg\/[0-9a-f]{16}\//);
    expect(await answer.headerValue('cache-control')).toContain('immutable');
    expect(await answer.headerValue('content-encoding')).toMatch(/^(br|gzip)$/);
  }
});

test('links change the page without loading a document, and back returns to where one was', async ({ page }) => {
  await page.goto('/');
  await ready(page);
  await mark(page);
  const link = page.locator('.category-blocks .teaser-title a').last();
  await link.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(100);
  const title = await link.innerText();
  await link.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page).toHaveTitle(`${title} | Thi Đua`);
  // Said to screen readers, at the top, with the focus in the page.
  await expect(page.locator('#thong-bao')).toHaveText(`${title} | Thi Đua`);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await expect(page.locator('main')).toBeFocused();
  expect(await page.locator('head link[rel=canonical]').count()).toBe(1);
  await page.goBack();
  await expect(page.locator('.home')).toBeVisible();
  // Others publish meanwhile: the first page may have become a line or two longer or shorter above the place.
  await expect.poll(() => page.evaluate((was) => Math.abs(scrollY - was), before)).toBeLessThan(150);
  await expect(link).toBeInViewport();
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await stayed(page);
});

test('from one announcement to the next, and into another language', async ({ page }) => {
  await page.goto(`/tin/${SLUG}`);
  await ready(page);
  await mark(page);
  const next = page.locator('.others a').first();
  const title = await next.innerText();
  await next.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page).toHaveTitle(`${title} | Thi Đua`);
  await page.locator('.language-switch').click();
  await expect(page).toHaveURL(/\/en\/tin\//);
  await expect(page.locator('.main-nav').getByRole('link', { name: 'All news' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByRole('link', { name: 'All news' }).first().click();
  await expect(page.locator('.main-nav [aria-current]')).toHaveText('All news');
  await expect(page.locator('.language-switch')).toHaveAttribute('href', '/tin');
  await stayed(page);
});

test('searching fetches the chunk of pages and stays in the document', async ({ page }) => {
  await page.goto('/');
  await ready(page);
  await mark(page);
  const chunk = page.waitForResponse(/split_pages\.wasm$/);
  if (await page.locator('#masthead-q').isVisible()) {
    await page.locator('#masthead-q').fill('muc tieu');
    await page.locator('#masthead-q').press('Enter');
  } else {
    await page.locator('.masthead-search button').click();
    await page.locator('#q').fill('muc tieu');
    await page.locator('#q').press('Enter');
  }
  expect((await chunk).ok()).toBe(true);
  await expect(page).toHaveURL(/\/tim-kiem\?q=muc/);
  await expect(page.locator('.search-count')).toBeVisible();
  await stayed(page);
});

test('a link that is pointed at has its data fetched ahead, and opening it fetches nothing more', async ({ page, isMobile }) => {
  await page.goto('/tin');
  await ready(page);
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/api/') && asked.push(request.url()));
  const link = page.locator('.list-page .teaser-title a').nth(2);
  const title = await link.innerText();
  const answered = page.waitForResponse(/\/api\/page\/read/);
  if (isMobile) {
    // A finger rests on the link; it is lifted once the data is here.
    await link.dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
  } else {
    await link.hover();
  }
  await answered;
  await expect(page).toHaveURL(/\/tin$/);
  await link.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  expect(asked.filter((url) => url.includes('/page/read'))).toHaveLength(1);
});

test('a finger that scrolls, and a pointer that passes by, fetch nothing', async ({ page }) => {
  await page.goto('/tin');
  await ready(page);
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/api/') && asked.push(request.url()));
  const links = page.locator('.list-page .teaser-title a');
  await links.nth(1).evaluate((link) => {
    link.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch', bubbles: true }));
    link.dispatchEvent(new PointerEvent('pointercancel', { pointerType: 'touch', bubbles: true }));
    link.dispatchEvent(new PointerEvent('pointerover', { pointerType: 'mouse', bubbles: true }));
    document.body.dispatchEvent(new PointerEvent('pointerover', { pointerType: 'mouse', bubbles: true }));
  });
  // What is pointed at afterwards is the first that is asked for.
  const title = await links.nth(3).innerText();
  await links.nth(3).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  expect(asked.filter((url) => url.includes('/page/read'))).toHaveLength(1);
});

test('a list is paged in place, and its pages are in the history', async ({ page }) => {
  const first = page.locator('.list-page .teaser-title').first();
  await page.goto('/tin/chuyen-muc/phat-dong');
  await ready(page);
  await mark(page);
  await page.locator('.main-nav a[href="/tin"]').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tất cả tin');
  const newest = await first.innerText();
  await page.getByRole('link', { name: 'Cũ hơn' }).click();
  await expect(page).toHaveURL(/\/tin\?truoc=/);
  await expect(first).not.toHaveText(newest);
  await expect(page.locator('head link[rel=prev]')).toHaveCount(1);
  const older = await first.innerText();
  await page.goBack();
  // Others publish meanwhile: the newest one may be another by now.
  await expect(first).not.toHaveText(older);
  await expect(page.locator('head link[rel=prev]')).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Chuyên mục');
  await stayed(page);
});

test('comments turn round in place', async ({ page }) => {
  await page.goto('/tin/phat-dong-thi-dua-muc-tieu-kep-2021');
  await ready(page);
  await mark(page);
  const first = await page.locator('.comment-author').first().innerText();
  await page.getByRole('link', { name: 'Cũ nhất trước' }).click();
  await expect(page).toHaveURL(/thu-tu=cu/);
  await expect(page.locator('.comment-author').last()).toHaveText(first);
  await stayed(page);
});

test('the form says what is wrong while one types, and sends without leaving the document', async ({ page }, info) => {
  const text = `Gửi tại chỗ ${info.project.name}`;
  await page.goto(`/tin/${SLUG}`);
  await ready(page);
  await mark(page);
  await page.getByLabel('Nội dung phản hồi').fill('x'.repeat(2001));
  await expect(page.locator('.counter')).toHaveText('Quá 1 ký tự.');
  await expect(page.locator('#noi-dung-phan-hoi-loi')).toBeVisible();
  // As a person counts: five letters in eleven code points.
  await page.getByLabel('Nội dung phản hồi').fill('ế'.normalize('NFD').repeat(5));
  await expect(page.locator('.counter')).toHaveText('Còn 1.995 ký tự.');
  await page.getByLabel('E-mail (không bắt buộc)').fill('khong-phai');
  await page.getByLabel('Nội dung phản hồi').fill(text);
  await expect(page.locator('#e-mail-loi')).toBeVisible();
  await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
  await expect(page.getByRole('alert')).toContainText('Hãy ghi họ và tên.');
  await expect(page.getByRole('alert')).toBeFocused();
  await page.getByLabel('E-mail (không bắt buộc)').fill('');
  await page.getByLabel('Họ và tên').fill('Chị Sáu');
  await expect(page.locator('.field-error')).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByRole('button', { name: 'Gửi phản hồi' }).dblclick();
  await expect(page).toHaveURL(/\/theo-doi\//);
  await expect(page.getByText('Phản hồi của bạn sẽ hiển thị sau khi được kiểm duyệt')).toBeVisible();
  await stayed(page);
  expect(thidua('comment', 'list').split(text).length - 1).toBe(1);
  // Acknowledged: nothing of it is left on the device.
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('thidua:')))).toEqual([]);
});

test('what is typed while the client is on its way stays', async ({ page }) => {
  let go = () => {};
  const hold = new Promise<void>((resolve) => (go = resolve));
  await page.route(/thidua\.wasm$/, async (route) => {
    await hold;
    await route.continue();
  });
  await page.goto(`/tin/${SLUG}`);
  await page.getByLabel('Họ và tên').pressSequentially('Bác Năm');
  await page.getByLabel('Nội dung phản hồi').pressSequentially('Đang gõ thì ');
  go();
  await page.getByLabel('Nội dung phản hồi').pressSequentially('chương trình tới nơi, chữ vẫn còn.');
  await ready(page);
  await page.getByLabel('Nội dung phản hồi').pressSequentially(' Thêm.');
  await expect(page.getByLabel('Nội dung phản hồi')).toHaveValue('Đang gõ thì chương trình tới nơi, chữ vẫn còn. Thêm.');
  await expect(page.getByLabel('Họ và tên')).toHaveValue('Bác Năm');
  await page.evaluate(() => localStorage.clear());
});

test('what was typed is there again after a look at another page', async ({ page }) => {
  await page.goto(`/tin/${SLUG}`);
  await ready(page);
  await mark(page);
  await page.getByLabel('Họ và tên').fill('Chị Mười');
  await page.getByLabel('Nội dung phản hồi').fill('Dòng một\nDòng hai');
  await page.locator('.form-actions a').click();
  await expect(page.locator('.policy h1')).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel('Nội dung phản hồi')).toHaveValue('Dòng một\nDòng hai');
  await expect(page.getByLabel('Họ và tên')).toHaveValue('Chị Mười');
  await stayed(page);
  await page.evaluate(() => localStorage.clear());
});

test('back after a reload shows the page of the address, whether the client is there yet or not', async ({ page }) => {
  let hold: Promise<void> | undefined;
  await page.route(/thidua\.wasm$/, async (route) => {
    await hold;
    await route.continue();
  });
  for (const held of [true, false]) {
    await page.goto('/tin');
    await ready(page);
    await page.locator('.list-page .teaser-title a').first().click();
    await expect(page.locator('article.announcement')).toBeVisible();
    let go = () => {};
    hold = held ? new Promise<void>((resolve) => (go = resolve)) : undefined;
    await page.reload();
    await page.locator('body').dispatchEvent('pointerover');
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tất cả tin');
    await expect(page).toHaveTitle(/^Tất cả tin/);
    go();
    hold = undefined;
    await ready(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tất cả tin');
  }
});

test('a link that is clicked while the client is on its way is the browser\'s', async ({ page }) => {
  await page.route(/thidua\.wasm$/, () => {});
  await page.goto('/');
  const link = page.locator('.latest .teaser-title a').first();
  const title = await link.innerText();
  await link.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
});

test.describe('without a connection', () => {
  test.use({ expected: [/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource|Failed to fetch/] });

  test('a page says so, and comes when the connection does', async ({ page, context }) => {
    await page.goto('/');
    await ready(page);
    await mark(page);
    await context.setOffline(true);
    const link = page.locator('.latest .teaser-title a').first();
    const title = await link.innerText();
    await link.click();
    await expect(page.getByRole('alert')).toContainText('Không kết nối được');
    await context.setOffline(false);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await stayed(page);
  });

  test('a page tries again when asked', async ({ page }) => {
    await page.goto('/');
    await ready(page);
    await mark(page);
    await page.route('**/api/announcement/list*', (route) => route.abort());
    await page.locator('.main-nav a[href="/tin"]').click();
    await expect(page.getByRole('alert')).toContainText('Không kết nối được');
    await page.unroute('**/api/announcement/list*');
    await page.getByRole('button', { name: 'Thử lại' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tất cả tin');
    await stayed(page);
  });

  test('a comment stays in the form and is sent once when asked again', async ({ page, context }, info) => {
    const text = `Mất mạng giữa chừng ${info.project.name}`;
    await page.goto(`/tin/${SLUG}`);
    await ready(page);
    await page.getByLabel('Họ và tên').fill('Anh Bảy');
    await page.getByLabel('Nội dung phản hồi').fill(text);
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
    await expect(page.getByRole('alert')).toContainText('Không kết nối được với máy chủ');
    await expect(page.getByLabel('Nội dung phản hồi')).toHaveValue(text);
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
    await expect(page).toHaveURL(/\/theo-doi\//);
    expect(thidua('comment', 'list').split(text).length - 1).toBe(1);
  });
});

test.describe('a client that can\'t be had', () => {
  test.use({ expected: [/Failed to load resource|Failed to fetch|ERR_FAILED|TypeError/] });

  test('leaves links and forms to the browser', async ({ page }, info) => {
    await page.route(/thidua\.wasm$/, (route) => route.abort());
    await page.goto(`/tin/${SLUG}`);
    await page.locator('h1').hover();
    await page.getByLabel('Họ và tên').fill('Cụ Tám');
    await page.getByLabel('Nội dung phản hồi').fill(`Không có chương trình ${info.project.name}`);
    await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
    await expect(page).toHaveURL(/\/theo-doi\//);
  });

  test('a chunk that fails is a sentence and a button, not the end of the page', async ({ page }) => {
    await page.goto('/');
    await ready(page);
    await mark(page);
    await page.route(/split_pages\.wasm$/, (route) => route.abort());
    await page.locator('.site-footer a[href="/chinh-sach/rieng-tu"]').click();
    await expect(page.getByRole('alert')).toContainText('Không kết nối được');
    await page.unroute(/split_pages\.wasm$/);
    await page.getByRole('button', { name: 'Thử lại' }).click();
    await expect(page.locator('.policy h1')).toBeVisible();
    await stayed(page);
  });

  test('after a fault of the client links load documents', async ({ page }) => {
    await page.goto('/');
    await ready(page);
    await mark(page);
    await page.evaluate(() => dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') })));
    await page.locator('.main-nav a[href="/tin"]').click();
    await expect(page.locator('.list-page')).toBeVisible();
    await expect(page.locator('html[data-marked]')).not.toBeAttached();
  });
});

test.describe('a page of an error', () => {
  test.use({ expected: [/404|410/] });

  test('is taken over like any other', async ({ page }) => {
    await page.goto('/tin/khong-co');
    await ready(page);
    await mark(page);
    await page.locator('.error-page .teaser-title a').first().click();
    await expect(page.locator('article.announcement')).toBeVisible();
    await stayed(page);
  });
});

test('the client is asked for after the largest paint, and at low priority', async ({ page }) => {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const priority = new Promise((found) => {
    network.on('Network.requestWillBeSent', ({ request }) => request.url.endsWith('/thidua.wasm') && found(request.initialPriority));
  });
  await page.goto(`/tin/${SLUG}`);
  // Nobody touches anything: it comes when the browser has nothing else to do.
  expect(await priority).toBe('Low');
  const [painted, asked] = await page.evaluate(() => new Promise<[number, number]>((done) => {
    new PerformanceObserver((list) => {
      const asked = performance.getEntriesByType('resource').find((entry) => entry.name.endsWith('/thidua.js'));
      done([list.getEntries().at(-1)!.startTime, asked!.startTime]);
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  }));
  expect(asked).toBeGreaterThan(painted);
});

for (const [what, sparing] of [['data saving switched on', savingData], ['the wish for less data', preferringLessData]] as const) {
  test(`with ${what}, the client is not fetched`, async ({ page }) => {
    await sparing(page);
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    await page.goto('/');
    await page.locator('h1, h2').first().hover({ force: true });
    await page.locator('.latest .teaser-title a').first().click();
    await expect(page.locator('article.announcement')).toBeVisible();
    expect(fetched.filter((url) => /\.wasm|thidua\.js/.test(url))).toEqual([]);
  });
}

test('what an attacker wrote is text in pages that the client makes, too', async ({ page }) => {
  await page.goto('/tin/chuyen-muc/tin-tuc');
  await ready(page);
  await mark(page);
  await page.locator('a[href="/tin/bai-thu-tan-cong"]').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('</title></textarea><script>');
  await expect(page).toHaveTitle(/<\/title><\/textarea><script>/);
  await expect(page.locator('.lead')).toContainText('<img src="x"');
  await page.locator('.tags a').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('<b>nhãn</b>');
  await stayed(page);
  await expect(page.locator('html[data-smuggled]')).toHaveCount(0);
});
