// What scripts add to the desk: the visual editor, saving while one writes, without a network too, and two people in
// one text.
import { expect, test } from './page';
import { another, begin, signIn } from './official';

test.use({ expected: [/401|409|422|ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

const surface = '.editor-surface';

test('a text is saved while one writes, and is there after a reload', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  await begin(page, `Tự lưu, ${info.project.name}`);
  await page.locator(surface).click();
  await page.keyboard.type('Đoạn văn đầu tiên.');
  await expect(page.locator('[data-save-state]')).toHaveText('Đã lưu.', { timeout: 10_000 });
  await page.reload();
  await expect(page.locator(surface)).toContainText('Đoạn văn đầu tiên.');
  await expect(page.getByLabel('Tiêu đề', { exact: true })).toHaveValue(/Tự lưu/);
});

test('what is written without a network comes back, and is saved when the network does', async ({ page, context }, info) => {
  await signIn(page, 'editor', info);
  await begin(page, `Mất mạng, ${info.project.name}`);
  await expect(page.locator('[data-save-state]')).toHaveText('Đã lưu.', { timeout: 10_000 });
  await context.setOffline(true);
  await page.locator(surface).click();
  await page.keyboard.type('Viết khi mất mạng.');
  await expect(page.locator('[data-save-state]')).toContainText('đã giữ trên máy này', { timeout: 10_000 });
  // The tab dies while the network is gone: in the next one the text is asked about, not put in place unasked.
  const address = page.url();
  // A crash: no last words are sent, as they are when a tab is closed.
  const crashed = page.waitForEvent('crash');
  (await context.newCDPSession(page)).send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(address);
  await expect(next.locator(surface)).not.toContainText('Viết khi mất mạng.');
  await next.getByRole('button', { name: 'Khôi phục' }).click();
  await expect(next.locator(surface)).toContainText('Viết khi mất mạng.');
  await expect(next.locator('[data-save-state]')).toHaveText('Đã lưu.', { timeout: 10_000 });
  await next.reload();
  await expect(next.locator(surface)).toContainText('Viết khi mất mạng.');
  await expect(next.getByRole('button', { name: 'Khôi phục' })).toHaveCount(0);
});

test('two people in one text know of each other, and their changes are merged', async ({ page, browser }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Hai người, ${info.project.name}`);
  await page.locator(surface).click();
  await page.keyboard.type('Đoạn của chị.');
  await expect(page.locator('[data-save-state]')).toHaveText('Đã lưu.', { timeout: 10_000 });
  const other = await another(browser, 'second', info);
  await other.goto(address);
  await expect(other.locator('.editing-others')).toContainText(/editor/, { timeout: 15_000 });
  await other.getByLabel('Sapo (lời dẫn)').fill('Sapo của anh.');
  await expect(other.locator('[data-save-state]')).toHaveText('Đã lưu.', { timeout: 10_000 });
  await page.locator(surface).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' Thêm một câu.');
  await expect(page.getByLabel('Sapo (lời dẫn)')).toHaveValue('Sapo của anh.', { timeout: 15_000 });
  await expect(page.locator(surface)).toContainText('Thêm một câu.');

  // The same place: nobody overwrites anybody, somebody chooses.
  await other.reload();
  await other.getByLabel('Sapo (lời dẫn)').fill('Sapo thứ hai của anh.');
  await expect(other.locator('[data-save-state]')).toHaveText('Đã lưu.', { timeout: 10_000 });
  await page.getByLabel('Sapo (lời dẫn)').fill('Sapo khác hẳn, của chị.');
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await expect(page.getByRole('heading', { name: 'Hai người cùng sửa một chỗ' })).toBeVisible();
  await expect(page.locator('.conflict')).toContainText('Sapo thứ hai của anh.');
  await expect(page.locator('.conflict')).toContainText('Sapo khác hẳn, của chị.');
  await page.getByLabel('Bản đã lưu của người kia').check();
  await page.getByRole('button', { name: 'Lưu lựa chọn' }).click();
  await expect(page.getByLabel('Sapo (lời dẫn)')).toHaveValue('Sapo thứ hai của anh.');
  await other.context().close();
});

test('a picture is uploaded with its description, and the checks lead to what lacks one', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  await begin(page, `Có ảnh, ${info.project.name}`);
  const picture = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 1200;
    canvas.height = 800;
    canvas.getContext('2d')!.fillRect(0, 0, 600, 800);
    const blob = await new Promise<Blob>((resolve) => canvas.toBlob((made) => resolve(made!), 'image/png'));
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const file = { name: 'anh.png', mimeType: 'image/png', buffer: Buffer.from(picture) };
  await page.locator('[data-lead-picture] input[type=file]').setInputFiles(file);
  await expect(page.locator('.lead-picture-shown')).toBeVisible({ timeout: 15_000 });
  await page.getByRole('button', { name: 'Kiểm tra trước khi xuất bản' }).click();
  await page.getByRole('button', { name: 'Ảnh thiếu mô tả' }).click();
  await expect(page.locator('#image_alt')).toBeFocused();
  await page.keyboard.type('Một hình chữ nhật đen');
  await expect(page.locator('[data-save-state]')).toHaveText('Đã lưu.', { timeout: 10_000 });
});

test('where the editor does not arrive a text area with the same buttons does', async ({ page }, info) => {
  await page.route('**/editor.js', (route) => route.abort());
  await signIn(page, 'editor', info);
  await begin(page, `Không có trình soạn thảo, ${info.project.name}`);
  const area = page.getByLabel('Nội dung', { exact: true });
  await area.fill('chữ đậm');
  await area.selectText();
  await page.getByRole('button', { name: 'Đậm' }).click();
  await expect(area).toHaveValue('**chữ đậm**');
  await expect(page.locator('[data-save-state]')).toHaveText('Đã lưu.', { timeout: 10_000 });
});
