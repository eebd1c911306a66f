// The main job, with script and without: read, comment, follow, be approved, be seen.
import { SLUG, expect, test, thidua } from './page';

test('a comment is sent, followed, approved and seen', async ({ page }, info) => {
  const name = `Bà Tư ${info.project.name}`;
  await page.goto(`/tin/${SLUG}`);
  await page.getByLabel('Họ và tên').fill(name);
  await page.getByLabel('Nội dung phản hồi').fill('Thôn tôi nhận đoạn bến đò.\n\nXin hỏi ngày bắt đầu?');
  await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
  await expect(page).toHaveURL(/\/theo-doi\/[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
  await expect(page.getByText('Phản hồi của bạn sẽ hiển thị sau khi được kiểm duyệt')).toBeVisible();
  const code = await page.locator('.receipt-code').innerText();
  const tracking = page.url();

  await page.goto(`/tin/${SLUG}`);
  await expect(page.getByText(name)).toHaveCount(0);
  thidua('comment', 'approve', code);
  // Another process approved it: this one is promised to see that within a tenth of a second.
  const shown = page.getByRole('listitem').filter({ hasText: name });
  await expect(async () => {
    await page.reload();
    expect(await shown.innerText({ timeout: 500 })).toContain('Xin hỏi ngày bắt đầu?');
  }).toPass();

  await page.goto(tracking);
  await page.getByRole('link', { name: 'Xem phản hồi trên trang' }).click();
  await expect(page).toHaveURL(new RegExp(`/tin/${SLUG}#phan-hoi-\\d+$`));
});

test.describe('a receipt code', () => {
  test.use({ expected: [/404/] });

  test('can be typed as it was read out, and an unknown one is said to be', async ({ page }, info) => {
    const sent = await page.request.post(`/tin/${SLUG}`, { form: { name: 'Cô Út', text: `Mã đọc qua điện thoại ${info.project.name}` } });
    const code = sent.url().split('/').pop()!;
    await page.goto('/');
    await page.locator('.site-footer').getByRole('link', { name: 'Theo dõi phản hồi' }).click();
    await page.getByLabel('Mã biên nhận').fill('AAAA BBBB CCCC');
    await page.getByRole('button', { name: 'Xem kết quả' }).click();
    await expect(page.getByRole('alert')).toContainText('AAAA BBBB CCCC');
    await page.getByLabel('Mã biên nhận').fill(code.toLowerCase().replaceAll('-', ' '));
    await page.getByRole('button', { name: 'Xem kết quả' }).click();
    await expect(page.locator('.receipt-code')).toHaveText(code);
  });
});

test.describe('a refused comment', () => {
  test.use({ expected: [/422/] });

  test('comes back with what was typed and what is wrong', async ({ page }) => {
    await page.goto(`/tin/${SLUG}`);
    await page.getByLabel('Nội dung phản hồi').fill('</textarea><b>Chữ còn đây</b>');
    await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
    await expect(page.getByRole('alert')).toContainText('Hãy ghi họ và tên.');
    await expect(page.getByLabel('Họ và tên')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('Nội dung phản hồi')).toHaveValue('</textarea><b>Chữ còn đây</b>');
  });
});
