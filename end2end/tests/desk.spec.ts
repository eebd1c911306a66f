// The desk with and without script: an official's whole way from a Word file to a published announcement.
import { expect, test } from './page';
import { PASSWORD, WORD, another, begin, official, signIn } from './official';

test.use({ expected: [/401|403|404|409|410|422/] });

test('from a Word file through review to a published announcement', async ({ page, browser, javaScriptEnabled }, info) => {
  const title = `Từ tệp Word đến trang công khai, ${info.project.name}`;
  await signIn(page, 'editor', info);
  const address = await begin(page, title);
  await page.getByLabel('Sapo (lời dẫn)').fill('Lời dẫn ngắn của bài.');
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await expect(page.getByText('Đã lưu.').first()).toBeVisible();
  await page.getByLabel('Đưa nội dung từ tệp Word').setInputFiles(WORD);
  await page.getByRole('button', { name: 'Đưa vào bài' }).click();
  await expect(page.getByText('Đã đưa nội dung tệp Word vào bài.')).toBeVisible();
  if (javaScriptEnabled === false) await expect(page.getByLabel('Nội dung', { exact: true })).not.toHaveValue('');
  else await expect(page.locator('.editor-surface')).toContainText(/\S{3}/);
  await page.getByRole('button', { name: 'Gửi duyệt' }).click();
  await expect(page).toHaveURL(/xuat-ban$/);
  await expect(page.getByText('Bài đang chờ người duyệt.')).toBeVisible();

  const publisher = await another(browser, 'publisher', info);
  await publisher.goto('/quan-tri');
  await publisher.getByRole('link', { name: title }).click();
  await expect(publisher.getByRole('heading', { name: 'Kiểm tra trước khi xuất bản' })).toBeVisible();
  await publisher.getByRole('button', { name: 'Xuất bản', exact: true }).click();
  await expect(publisher.getByText('Đã xong.')).toBeVisible();
  await publisher.getByRole('link', { name: 'Xem trang công khai' }).click();
  await expect(publisher.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await publisher.context().close();

  // Whoever may write finds the way back from the public page; a correction is told to readers.
  await page.goto(address);
  await page.getByRole('link', { name: 'Xem trang công khai' }).click();
  await page.getByRole('link', { name: 'Sửa bài này' }).click();
  await page.getByRole('button', { name: 'Sửa bài' }).click();
  await page.getByLabel('Ghi chú cập nhật cho người đọc').fill('Sửa số liệu');
  await page.getByLabel('Sapo (lời dẫn)').fill('Lời dẫn đã sửa của bài.');
  await page.getByRole('button', { name: 'Gửi duyệt' }).click();
  await expect(page.locator('.diff ins').first()).toBeVisible();
});

test('an announcement begins with a Word file', async ({ page, javaScriptEnabled }, info) => {
  await signIn(page, 'editor', info);
  if (javaScriptEnabled === false) {
    await page.getByLabel('Tệp Word (.docx)').setInputFiles(WORD);
    await page.getByRole('button', { name: 'Viết từ tệp Word' }).click();
  } else {
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Viết từ tệp Word' }).click();
    await (await choosing).setFiles(WORD);
  }
  await expect(page).toHaveURL(/\/quan-tri\/tin\/\d+\?tu-word/);
  await expect(page.getByText('Đã đưa nội dung tệp Word vào bài.')).toBeVisible();
  await expect(page.getByLabel('Tiêu đề', { exact: true })).toHaveValue('Phát động thi đua trồng cây đầu xuân');
  if (javaScriptEnabled === false) return;
  // What the text lacks is told at once.
  await expect(page.locator('.findings')).toContainText('sapo');
  await page.goto('/quan-tri');
  // What is no Word file is told where it was chosen.
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Viết từ tệp Word' }).click();
  await (await choosing).setFiles({ name: 'a.docx', mimeType: 'text/plain', buffer: Buffer.from('chữ') });
  await expect(page.getByRole('alert')).toContainText('Word');
});

test('a wrong password is told in a sentence, and what was typed stays', async ({ page }, info) => {
  await page.goto('/dang-nhap');
  await page.getByLabel('Tên đăng nhập').fill(`nobody-${info.project.name.replaceAll(' ', '-')}`);
  await page.getByLabel('Mật khẩu').fill('sai rồi sai rồi');
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await expect(page.getByRole('alert')).toContainText('Tên đăng nhập hoặc mật khẩu không đúng.');
  await expect(page.getByLabel('Tên đăng nhập')).toHaveValue(/nobody/);
});

test('a text whose session has ended is sent after signing in again', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Phiên hết giữa chừng, ${info.project.name}`);
  await page.getByLabel('Sapo (lời dẫn)').fill('Không được mất câu này.');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await expect(page.getByText('Nội dung bạn vừa gửi được giữ lại')).toBeVisible();
  await page.getByLabel('Tên đăng nhập').fill(official('editor', info));
  await page.getByLabel('Mật khẩu').fill(PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.goto(address);
  await expect(page.getByLabel('Sapo (lời dẫn)')).toHaveValue('Không được mất câu này.');
});

test('a page that somebody may not see says why', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  const answer = await page.goto('/quan-tri/tai-khoan');
  expect(answer!.status()).toBe(403);
  await expect(page.getByText('chưa được giao vai trò')).toBeVisible();
});

test('the Back button brings no old text over a newer one', async ({ page }, info) => {
  await signIn(page, 'editor', info);
  const address = await begin(page, `Nút quay lại, ${info.project.name}`);
  const lead = page.getByLabel('Sapo (lời dẫn)');
  await lead.fill('Câu một.');
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await expect(page).toHaveURL(/da-luu/);
  await lead.fill('Câu một. Câu hai.');
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await expect(page.getByText('Đã lưu.').first()).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`${address}$`));
  await expect(lead).toHaveValue('Câu một. Câu hai.');
});
