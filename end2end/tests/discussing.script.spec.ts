// What a script adds to a discussion: agreeing in place, and the link of a comment in the clipboard.
import { SLUG, expect, test, thidua } from './page';

test('one agrees in place, the page remembers it, and it is taken back', async ({ page }, info) => {
  const name = `Đồng tình ${info.project.name}`;
  const sent = await page.request.post(`/tin/${SLUG}`, { form: { name, text: 'Xin lắp thêm đèn đường.' } });
  thidua('comment', 'approve', sent.url().split('/').pop()!);
  const comment = page.locator('.comment').filter({ hasText: name });
  await page.goto(`/tin/${SLUG}`);
  await comment.locator('form button').click();
  await expect(comment.locator('form button')).toHaveText('Bạn đồng tình (1)');
  await expect(comment.locator('form button')).toHaveAttribute('aria-pressed', 'true');
  await expect(page).toHaveURL(new RegExp(`/tin/${SLUG}`));
  await page.reload();
  // By itself: nobody is asked to agree with what they agreed with.
  await expect(comment.locator('form button')).toHaveText('Bạn đồng tình (1)');
  await comment.locator('form button').click();
  await expect(comment.locator('form button')).toHaveText('Đồng tình');
});

test('an answer is written below what it answers, and joins its thread', async ({ page }, info) => {
  const name = `Hỏi ${info.project.name}`;
  const sent = await page.request.post(`/tin/${SLUG}`, { form: { name, text: 'Bao giờ bắt đầu?' } });
  thidua('comment', 'approve', sent.url().split('/').pop()!);
  await page.goto(`/tin/${SLUG}`);
  await page.locator('.comment').filter({ hasText: name }).getByRole('link', { name: 'Trả lời' }).click();
  await expect(page.getByRole('heading', { name: `Trả lời ${name}` })).toBeVisible();
  await page.getByLabel('Họ và tên').fill(`Đáp ${info.project.name}`);
  await page.getByLabel('Nội dung phản hồi').fill('Từ thứ hai tuần sau.');
  await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
  await expect(page).toHaveURL(/\/theo-doi\//);
  // Acknowledged: the draft of the answer has left the device.
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')))).toEqual([]);
  thidua('comment', 'approve', await page.locator('.receipt-code').innerText());
  await page.goto(`/tin/${SLUG}`);
  const thread = page.locator('.comment-list > li').filter({ hasText: name });
  await expect(thread.locator('.comment-replies .comment')).toContainText('Từ thứ hai tuần sau.');
});

test('what was sent is changed and withdrawn by the code that this tab keeps', async ({ page }, info) => {
  const name = `Sửa ${info.project.name}`;
  await page.goto(`/tin/${SLUG}`);
  await page.getByLabel('Họ và tên').fill(name);
  await page.getByLabel('Nội dung phản hồi').fill('Bản đầu tiên, còn thiếu.');
  await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
  await expect(page).toHaveURL(/\/theo-doi\//);
  const receipt = page.url();
  await expect(page.locator('.edit-code')).toHaveText(/^([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}$/);
  await page.reload();
  await page.locator('.own-comment').hover();
  await expect(page.getByLabel('Mã sửa')).not.toHaveValue('');
  await page.getByRole('button', { name: 'Mở để sửa' }).click();
  await expect(page.getByLabel('Nội dung phản hồi')).toHaveValue('Bản đầu tiên, còn thiếu.');
  await page.getByLabel('Nội dung phản hồi').fill('Bản đầy đủ.');
  await page.getByRole('button', { name: 'Lưu sửa đổi' }).click();
  await expect(page.getByText('Đã lưu.')).toBeVisible();
  expect(thidua('comment', 'list')).toContain('Bản đầy đủ.');
  await page.goto(receipt);
  await page.locator('.own-comment').hover();
  await expect(page.getByLabel('Mã sửa')).not.toHaveValue('');
  await page.getByRole('button', { name: 'Rút lại phản hồi' }).click();
  await expect(page.locator('.receipt-state')).toContainText('Bạn đã rút lại phản hồi này');
  expect(thidua('comment', 'list')).not.toContain('Bản đầy đủ.');
});
