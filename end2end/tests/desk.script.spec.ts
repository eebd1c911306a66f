// What scripts add to the desk: the visual editor, saving while one writes, without a network too, two people in one
// text, and uploads.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { type BrowserContext, type Page, expect, test } from './page';
import { PASSWORD, WORD, another, begin, official, signIn, stored } from './official';

test.use({ expected: [/401|409|422|ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

const surface = '.editor-surface';
const state = '[data-save-state]';

/** Waits until nothing is left to save. */
async function saved(page: Page): Promise<void> {
  await expect(page.locator(state)).toHaveText(/^Đã lưu\.$|đã được trộn\.$/, { timeout: 10_000 });
}

/** The answer to a saving that brings words in a field to the server. */
function saving(page: Page, field: string, words: string) {
  const brings = (sent: string | null) => new URLSearchParams(sent ?? '').get(field)?.includes(words);
  return page.waitForResponse((answer) => answer.url().endsWith('/tu-luu') && Boolean(brings(answer.request().postData())), { timeout: 15_000 });
}

/** What the place that tells of saving says from now on, also for a moment only. */
async function recordState(page: Page): Promise<string[]> {
  const said: string[] = [];
  await page.exposeFunction('recordState', (text: string) => said.push(text));
  await page.locator(state).evaluate((place) => {
    new MutationObserver(() => (globalThis as any).recordState(place.textContent)).observe(place, { childList: true });
  });
  return said;
}

/** The values of the bars in a place from now on. */
async function recordBars(page: Page, place: string): Promise<number[]> {
  const values: number[] = [];
  await page.exposeFunction('recordBar', (value: number) => values.push(value));
  await page.evaluate((bars) => {
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        if (target instanceof HTMLProgressElement && target.matches(bars)) (globalThis as any).recordBar(target.value);
      }
    }).observe(document.body, { subtree: true, attributeFilter: ['value'] });
  }, `${place} progress`);
  return values;
}

/** A picture of 1.4 MB: no compression makes noise small. */
async function noise(page: Page) {
  const address = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 600 });
    const context = canvas.getContext('2d')!;
    const pixels = context.createImageData(800, 600);
    for (let at = 0; at < pixels.data.length; at += 1) pixels.data[at] = at % 4 === 3 ? 255 : Math.random() * 256;
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL('image/png');
  });
  return { name: 'anh.png', mimeType: 'image/png', buffer: Buffer.from(address.split(',')[1]!, 'base64') };
}

/** Lets a page send only so many bytes in a second. */
async function sendSlowly(context: BrowserContext, page: Page) {
  const session = await context.newCDPSession(page);
  const conditions = { offline: false, latency: 0, downloadThroughput: -1 };
  await session.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: 200_000 });
  return () => session.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: -1 });
}

/**
 * A line to the server, a SOCKS proxy, that can be cut: Chromium's switch for being offline lets an upload end that has
 * begun.
 */
const onLine = test.extend<{ line: { address: string; cut(): void; mend(): void } }>({
  line: async ({}, use) => {
    const ends = new Set<Socket>();
    let broken = false;
    const keep = (end: Socket) => {
      ends.add(end);
      return end.on('error', () => {}).on('close', () => ends.delete(end));
    };
    const proxy = createServer(async (near) => {
      keep(near);
      if (broken) return near.destroy();
      await once(near, 'data');
      near.write(Uint8Array.of(5, 0));
      const [target] = await once(near, 'data');
      const far = keep(connect(target.readUInt16BE(target.length - 2), '127.0.0.1'));
      near.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
      near.pipe(far).pipe(near);
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const cut = () => {
      broken = true;
      for (const end of ends) end.resetAndDestroy();
    };
    const mend = () => {
      broken = false;
    };
    await use({ address: `socks5://127.0.0.1:${(proxy.address() as AddressInfo).port}`, cut, mend });
    cut();
    proxy.close();
  },
  proxy: async ({ line }, use) => use({ server: line.address, bypass: '<-loopback>' }),
});

/** Chooses a file with the editor's button for pictures. */
async function choosePicture(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('toolbar').getByRole('button', { name: 'Ảnh', exact: true }).click();
  await (await chooser).setFiles(file);
}

/** Describes the picture that was uploaded, which puts it in the text. */
async function describe(page: Page, words: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Ảnh' });
  await dialog.getByLabel(/Mô tả ảnh/).fill(words, { timeout: 20_000 });
  await dialog.getByRole('button', { name: 'Đồng ý' }).click();
}

/** A picture that has come from the server. */
async function expectShown(page: Page, picture: string): Promise<void> {
  await expect(page.locator(picture)).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => page.locator(picture).evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
}

test('a text is saved while one writes, and is there after a reload', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Tự lưu, ${info.project.name}`);
  // The title's own saving is over: what follows is saved for its own sake.
  await saved(page);
  const said = await recordState(page);
  const sent = saving(page, 'body', 'Đoạn văn đầu tiên.');
  await page.locator(surface).click();
  await page.keyboard.type('Đoạn văn đầu tiên.');
  await sent;
  await saved(page);
  expect(said[0]).toBe('Chưa lưu');
  const kept = await stored(page, address);
  expect(kept.body).toContain('Đoạn văn đầu tiên.');
  expect(kept.title).toContain('Tự lưu');
  await page.reload();
  await expect(page.locator(surface)).toContainText('Đoạn văn đầu tiên.');
  await expect(page.getByLabel('Tiêu đề', { exact: true })).toHaveValue(/Tự lưu/);
});

test('what is written without a network is saved when the network comes back', async ({ page, context }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Mất mạng rồi có lại, ${info.project.name}`);
  await saved(page);
  await context.setOffline(true);
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/tu-luu'));
  await page.locator(surface).click();
  await page.keyboard.type('Viết khi mất mạng.');
  await expect(page.locator(state)).toContainText('đã giữ trên máy này');
  await failed;
  await expect(page.locator(state)).toContainText('đã giữ trên máy này');
  expect((await stored(page, address)).body).not.toContain('Viết khi mất mạng.');
  await context.setOffline(false);
  await saved(page);
  expect((await stored(page, address)).body).toContain('Viết khi mất mạng.');
});

test('what is written without a network outlives a crash, and is put over nothing that others saved since', async ({ page, context, browser }, info) => {
  test.slow();
  await signIn(page, 'editor', info);
  const address = await begin(page, `Máy hỏng khi mất mạng, ${info.project.name}`);
  await saved(page);
  await context.setOffline(true);
  await page.locator(surface).click();
  await page.keyboard.type('Viết khi mất mạng.');
  await expect(page.locator(state)).toContainText('đã giữ trên máy này');
  // A crash: no last words are sent, as they are when a tab is closed.
  const crashed = page.waitForEvent('crash');
  (await context.newCDPSession(page)).send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
  await context.setOffline(false);
  const other = await another(browser, 'second', info);
  await other.goto(address);
  await other.getByLabel('Sapo (lời dẫn)').fill('Sapo của người khác.');
  await saved(other);
  await other.context().close();

  // In the next tab the text is asked about, not put in place unasked.
  const next = await context.newPage();
  await next.goto(address);
  await expect(next.getByRole('button', { name: 'Khôi phục' })).toBeVisible();
  await expect(next.getByRole('toolbar')).toBeVisible();
  await expect(next.locator(surface)).not.toContainText('Viết khi mất mạng.');
  await next.getByRole('button', { name: 'Khôi phục' }).click();
  await expect(next.locator(surface)).toContainText('Viết khi mất mạng.');
  await expect(next.getByLabel('Sapo (lời dẫn)')).toHaveValue('');
  await expect(next.locator(state)).toContainText('đã được trộn', { timeout: 10_000 });
  await expect(next.getByLabel('Sapo (lời dẫn)')).toHaveValue('Sapo của người khác.');
  const kept = await stored(next, address);
  expect(kept.body).toContain('Viết khi mất mạng.');
  expect(kept.lead).toBe('Sapo của người khác.');
  await next.reload();
  await expect(next.locator(surface)).toContainText('Viết khi mất mạng.');
  await expect(next.getByRole('button', { name: 'Khôi phục' })).toHaveCount(0);
});

test('two people in one text know of each other, and their changes are merged', async ({ page, browser }, info) => {
  test.slow();
  await signIn(page, 'editor', info);
  const address = await begin(page, `Hai người, ${info.project.name}`);
  await page.locator(surface).click();
  await page.keyboard.type('Đoạn một.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Đoạn hai.');
  await saved(page);
  const other = await another(browser, 'second', info);
  await other.goto(address);
  await expect(other.locator('.editing-others')).toContainText(`editor ${info.project.name}`, { timeout: 15_000 });
  await expect(page.locator('.editing-others')).toContainText(`second ${info.project.name}`, { timeout: 15_000 });
  // Her network is gone meanwhile, so that what he saves does not come to her before she writes.
  await page.context().setOffline(true);
  await other.locator(`${surface} p`).first().click();
  await other.keyboard.press('Home');
  await other.keyboard.type('Anh viết: ');
  await other.getByLabel('Sapo (lời dẫn)').fill('Sapo của anh.');
  await saved(other);
  expect((await stored(other, address)).body).toContain('Anh viết: Đoạn một.');
  await page.locator(surface).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('Chị viết thêm.');
  await page.context().setOffline(false);
  await expect(page.getByLabel('Sapo (lời dẫn)')).toHaveValue('Sapo của anh.', { timeout: 15_000 });
  await expect(page.locator(surface)).toContainText('Anh viết: Đoạn một.');
  await expect(page.locator(surface)).toContainText('Chị viết thêm.');
  await other.reload();
  await expect(other.locator(surface)).toContainText('Anh viết: Đoạn một.');
  await expect(other.locator(surface)).toContainText('Chị viết thêm.');
  await expect(other.getByLabel('Sapo (lời dẫn)')).toHaveValue('Sapo của anh.');

  // The same place: nobody overwrites anybody, somebody chooses.
  await saved(page);
  await page.context().setOffline(true);
  await other.getByLabel('Sapo (lời dẫn)').fill('Sapo thứ hai của anh.');
  await saved(other);
  await page.getByLabel('Sapo (lời dẫn)').fill('Sapo khác hẳn, của chị.');
  await page.context().setOffline(false);
  await expect(page.locator(state)).toContainText('Người khác đã sửa cùng chỗ.', { timeout: 10_000 });
  // From here on nothing is saved by itself, and what is typed still comes along with the button.
  await page.locator(surface).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('Câu sau cùng.');
  expect(await page.locator(state).textContent()).toContain('Người khác đã sửa cùng chỗ.');
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await expect(page.getByRole('heading', { name: 'Hai người cùng sửa một chỗ' })).toBeVisible();
  await expect(page.locator('.conflict')).toContainText('Sapo thứ hai của anh.');
  await expect(page.locator('.conflict')).toContainText('Sapo khác hẳn, của chị.');
  await expect(page.locator(surface)).toContainText('Câu sau cùng.');
  expect((await stored(other, address)).lead).toBe('Sapo thứ hai của anh.');
  await page.getByLabel('Nguồn', { exact: true }).fill('Báo xã');
  await expect(page.locator(state)).toBeEmpty();
  await page.getByLabel('Bản đã lưu của người kia').check();
  await page.getByRole('button', { name: 'Lưu lựa chọn' }).click();
  await expect(page).toHaveURL(/da-luu|da-tron/);
  await expect(page.getByLabel('Sapo (lời dẫn)')).toHaveValue('Sapo thứ hai của anh.');
  await expect(page.getByLabel('Nguồn', { exact: true })).toHaveValue('Báo xã');
  await expect(page.locator(surface)).toContainText('Câu sau cùng.');
  await other.context().close();
});

test('a picture is uploaded with its description, and the checks lead to what lacks one', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Có ảnh, ${info.project.name}`);
  await saved(page);
  await page.locator('[data-lead-picture] input[type=file]').setInputFiles(await noise(page));
  await expectShown(page, '.lead-picture-shown');
  await saved(page);
  await page.getByRole('button', { name: 'Kiểm tra trước khi xuất bản' }).click();
  const lacking = page.getByRole('button', { name: 'Ảnh thiếu mô tả' });
  await lacking.click();
  await expect(page.locator('#image_alt')).toBeFocused();
  await page.keyboard.type('Một hình chữ nhật đen');
  await saved(page);
  const kept = await stored(page, address);
  expect(kept.image_alt).toBe('Một hình chữ nhật đen');
  expect(kept.image).toMatch(/\.jpg$/);
  await page.getByRole('button', { name: 'Kiểm tra trước khi xuất bản' }).click();
  await expect(lacking).toHaveCount(0);
  await page.reload();
  await expectShown(page, '.lead-picture-shown');
});

test('the bar of an upload fills while the file is sent, and then the picture stands in the text', async ({ page, context }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Ảnh trong bài, ${info.project.name}`);
  await saved(page);
  const file = await noise(page);
  const values = await recordBars(page, '.editor-upload');
  const sendFast = await sendSlowly(context, page);
  await page.locator(surface).click();
  await page.keyboard.type('Câu trước ảnh.');
  await choosePicture(page, file);
  await expect(page.locator('.editor-upload')).toHaveText('Đang tải lên anh.png');
  await expect(page.locator('.editor-upload progress')).toBeVisible();
  await describe(page, 'Những chấm màu');
  await expect(page.locator('.editor-upload')).toHaveCount(0);
  expect(new Set(values.filter((value) => value > 0 && value < 100)).size).toBeGreaterThanOrEqual(2);
  expect(values).toEqual(values.toSorted((one, other) => one - other));
  expect(values.at(-1)).toBe(100);
  await sendFast();
  await expectShown(page, `${surface} figure img`);
  await saved(page);
  expect((await stored(page, address)).body).toMatch(/^Câu trước ảnh\.\n\n!\[Những chấm màu\]\(\/\S+\.jpg\)/);
});

onLine('an upload that the network breaks off is told in a sentence, and can be tried again', async ({ page, context, line }, info) => {
  test.slow();
  await signIn(page, 'editor', info);
  const address = await begin(page, `Đứt mạng khi tải ảnh, ${info.project.name}`);
  await saved(page);
  const file = await noise(page);
  /** Cuts the line in the middle of what `choose` uploads. */
  async function breakOff(place: string, choose: () => Promise<void>): Promise<void> {
    const sendFast = await sendSlowly(context, page);
    await choose();
    const bar = page.locator(`${place} progress`);
    const percent = () => bar.evaluate(({ value }: HTMLProgressElement) => value);
    await expect(bar).toBeVisible();
    await expect.poll(percent).toBeGreaterThan(0);
    expect(await percent()).toBeLessThan(100);
    line.cut();
    await expect(page.locator(`${place} [role=alert]`)).toContainText('Không kết nối được với máy chủ.');
    await expect(bar.filter({ visible: true })).toHaveCount(0);
    line.mend();
    await sendFast();
  }

  // In the text.
  await page.locator(surface).click();
  await page.keyboard.type('Câu trước ảnh.');
  await breakOff('.editor', () => choosePicture(page, file));
  await expect(page.locator(`${surface} figure`)).toHaveCount(0);
  await expect(page.locator(surface)).toContainText('Câu trước ảnh.');
  await choosePicture(page, file);
  await describe(page, 'Những chấm màu');
  await expectShown(page, `${surface} figure img`);
  await expect(page.locator('.editor [role=alert]')).toBeEmpty();

  // The lead picture; the same file can be chosen again.
  const input = page.locator('[data-lead-picture] input[type=file]');
  await breakOff('.lead-picture', () => input.setInputFiles(file));
  await expect(input).toHaveValue('');
  await input.setInputFiles(file);
  await expectShown(page, '.lead-picture-shown');
  await expect(page.locator('.lead-picture [role=alert]')).toBeEmpty();
  await saved(page);
  const kept = await stored(page, address);
  expect(kept.body).toContain('![Những chấm màu](');
  expect(kept.image).toMatch(/\.jpg$/);
});

test('where the editor does not arrive a text area with the same buttons does', async ({ page }, info) => {
  await page.route('**/editor.js', (route) => route.abort());
  await signIn(page, 'editor', info);
  const address = await begin(page, `Không có trình soạn thảo, ${info.project.name}`);
  await saved(page);
  const area = page.getByLabel('Nội dung', { exact: true });
  const sent = saving(page, 'body', '**chữ đậm**');
  await area.fill('chữ đậm');
  await area.selectText();
  const tools = page.getByRole('toolbar');
  await tools.getByRole('button', { name: 'Đậm' }).click();
  await expect(area).toHaveValue('**chữ đậm**');
  for (const name of ['Tiêu đề mục', 'Nghiêng', 'Liên kết', 'Danh sách', 'Ảnh', 'Văn bản đính kèm', 'Bảng', 'Chèn tệp Word']) {
    await expect(tools.getByRole('button', { name, exact: true })).toBeVisible();
  }
  await sent;
  await saved(page);
  expect((await stored(page, address)).body).toBe('**chữ đậm**');
});

test('what others saved is not lost by typing while a saving that merges is under way', async ({ page, browser }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Gõ trong lúc trộn, ${info.project.name}`);
  await saved(page);
  const other = await another(browser, 'second', info);
  await other.goto(address);
  await other.getByLabel('Sapo (lời dẫn)').fill('Sapo của anh.');
  await saved(other);
  await page.route('**/tu-luu', async (route) => {
    const response = await route.fetch();
    await page.getByLabel('Nguồn', { exact: true }).fill('Báo');
    await route.fulfill({ response });
  }, { times: 1 });
  await page.locator(surface).click();
  await page.keyboard.type('Đoạn của chị.');
  await expect.poll(async () => (await stored(page, address)).source, { timeout: 15_000 }).toBe('Báo');
  expect((await stored(page, address)).lead).toBe('Sapo của anh.');
});

test('writing goes on being saved after signing in again in another tab', async ({ page, context }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Hết phiên khi viết, ${info.project.name}`);
  await saved(page);
  await context.clearCookies();
  await page.locator(surface).click();
  await page.keyboard.type('Viết khi hết phiên.');
  await expect(page.locator(state)).toContainText('Phiên đã hết', { timeout: 10_000 });
  // Playwright keeps every tab visible: what a browser tells when somebody goes to another tab and comes back is told here.
  const become = (visibility: string) => page.evaluate((visibility) => {
    Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibility);
  const opened = context.waitForEvent('page');
  await page.locator(state).getByRole('link').click();
  await become('hidden');
  const tab = await opened;
  await tab.getByLabel('Tên đăng nhập').fill(official('editor', info));
  await tab.getByLabel('Mật khẩu').fill(PASSWORD);
  await tab.getByRole('button', { name: 'Đăng nhập' }).click();
  await expect(tab.getByRole('heading', { level: 1, name: 'Việc của tôi' })).toBeVisible();
  await tab.close();
  await become('visible');
  await saved(page);
  expect((await stored(page, address)).body).toContain('Viết khi hết phiên.');
});

test('a text that was not yet asked about is kept when one types first', async ({ page, context }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Chưa trả lời, ${info.project.name}`);
  await saved(page);
  await context.setOffline(true);
  await page.locator(surface).click();
  await page.keyboard.type('Đoạn chưa lưu.');
  await expect(page.locator(state)).toContainText('đã giữ trên máy này');
  const crashed = page.waitForEvent('crash');
  (await context.newCDPSession(page)).send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(address);
  await expect(next.getByRole('button', { name: 'Khôi phục' })).toBeVisible();
  await next.getByLabel('Nguồn', { exact: true }).fill('Báo');
  await saved(next);
  await next.reload();
  await expect(next.getByRole('button', { name: 'Khôi phục' })).toBeVisible();
});

test('that two texts were merged is told also where the body was', async ({ page, browser }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Lời báo trộn, ${info.project.name}`);
  await saved(page);
  const other = await another(browser, 'second', info);
  await other.goto(address);
  await other.locator(surface).click();
  await other.keyboard.type('Đoạn của anh.');
  await other.getByLabel('Nguồn', { exact: true }).fill('Báo');
  await saved(other);
  await page.getByLabel('Sapo (lời dẫn)').fill('Sapo của chị.');
  await expect(page.locator(surface)).toContainText('Đoạn của anh.', { timeout: 10_000 });
  expect(await page.locator(state).textContent()).toContain('đã được trộn');
});

test('a Word file that is dropped on an empty text fills title, lead and text, with its pictures', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  await page.goto('/quan-tri');
  await page.getByRole('button', { name: 'Viết tin' }).first().click();
  await expect(page.locator(surface)).toBeVisible();
  const address = new URL(page.url()).pathname;
  const bytes = readFileSync(WORD).toString('base64');
  const dataTransfer = await page.evaluateHandle((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0))], 'Kế hoạch.docx'));
    return data;
  }, bytes);
  const place = (await page.locator(surface).boundingBox())!;
  await page.dispatchEvent(surface, 'drop', { dataTransfer, clientX: place.x + 40, clientY: place.y + 20 });
  await expect(page.getByText('Đã đưa nội dung tệp Word vào bài.')).toBeVisible();
  await expect(page.getByLabel('Tiêu đề', { exact: true })).toHaveValue('Phát động thi đua trồng cây đầu xuân');
  await expect(page.locator(`${surface} h2`).first()).toHaveText('Mục tiêu');
  await expectShown(page, `${surface} img`);
  await saved(page);
  await expect.poll(async () => (await stored(page, address)).body).toContain('## Mục tiêu');
});

test('a picture of the library is found by its name and put into the text', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  const file = { ...(await noise(page)), name: `cay-xoan-${info.project.name}.png` };
  await page.goto('/quan-tri/anh');
  await page.getByLabel('Chọn ảnh').setInputFiles(file);
  await page.getByLabel('Mô tả ảnh cho người không nhìn thấy').first().fill('Hàng xoan bên đường');
  await page.getByRole('button', { name: 'Tải lên' }).click();
  await expect(page.getByText(file.name)).toBeVisible();
  const address = await begin(page, `Từ kho ảnh, ${info.project.name}`);
  await page.locator('.editor-main').getByRole('button', { name: 'Chọn từ kho ảnh' }).click();
  const library = page.getByRole('dialog', { name: 'Chọn từ kho ảnh' });
  await library.getByLabel('Tìm ảnh').fill('không có ảnh nào như vậy');
  await expect(library.getByRole('button', { name: 'Hàng xoan bên đường' })).toHaveCount(0);
  await library.getByLabel('Tìm ảnh').fill(`xoan-${info.project.name}`);
  await library.getByRole('button', { name: 'Hàng xoan bên đường' }).first().click();
  await expect(library).toHaveCount(0);
  await expectShown(page, `${surface} img`);
  await saved(page);
  await expect.poll(async () => (await stored(page, address)).body).toMatch(/^!\[Hàng xoan bên đường\]\(\/tep\/[0-9a-f]+\.jpg\)/);
});
