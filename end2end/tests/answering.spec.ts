// The fate of a comment, with script and without: rejected and appealed, looked at by somebody else, passed to a unit,
// answered under its name, rated; and every step on the sender's page.
import { SLUG, expect, test } from './page';
import { another, signIn } from './official';

test('an appeal, an answer and a rating', async ({ page, browser }, info) => {
  const name = `Ông Bảy ${info.project.name}`;
  const place = info.project.name.replace(' without script', '-khong');
  await page.goto(`/tin/${SLUG}`);
  await page.getByLabel('Họ và tên').fill(name);
  await page.getByLabel('Nội dung phản hồi').fill('Bao giờ xã lắp đèn đường?');
  await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
  await expect(page.locator('.edit-code')).toHaveText(/\S{4}/);
  const tracking = page.url();

  const first = await another(browser, 'moderator', info);
  await first.goto('/quan-tri/phan-hoi');
  const item = first.locator('.queue-item').filter({ hasText: name });
  await item.locator('details summary').click();
  await item.getByLabel('Lý do').selectOption('off-topic');
  await item.locator('button[name=tu-choi]').click();
  await expect(first.locator('.queue-item').filter({ hasText: name })).toHaveCount(0);

  await page.goto(tracking);
  await expect(page.getByText('Không liên quan đến nội dung của trang').first()).toBeVisible();
  const appeal = page.locator('form').filter({ has: page.getByRole('button', { name: 'Gửi khiếu nại' }) });
  await expect(appeal.getByLabel('Mã sửa')).not.toHaveValue('');
  await appeal.getByLabel('Vì sao nên đăng').fill('Bài nói về hạ tầng của xã.');
  await appeal.getByRole('button', { name: 'Gửi khiếu nại' }).click();
  await expect(page.getByText('Đã nhận khiếu nại')).toBeVisible();

  await first.goto('/quan-tri/phan-hoi?loai=appeal');
  const own = first.locator('.queue-item').filter({ hasText: name });
  await expect(own).toContainText('một người khác quyết định về khiếu nại');
  await expect(own.getByRole('button')).toHaveCount(0);
  const second = await another(browser, 'moderator-hai', info);
  await second.goto('/quan-tri/phan-hoi?loai=appeal');
  await second.locator('.queue-item').filter({ hasText: name }).getByRole('button', { name: 'Chấp nhận, đăng lại' }).click();
  await expect(second.locator('.queue-item').filter({ hasText: name })).toHaveCount(0);

  await second.goto(`/quan-tri/y-kien?q=${encodeURIComponent(name)}`);
  await second.getByRole('link', { name }).click();
  await second.getByLabel('Chuyển cho đơn vị').selectOption({ label: `Xã Thử ${place}` });
  await second.getByRole('button', { name: 'Chuyển', exact: true }).click();
  await page.goto(tracking);
  await expect(page.locator('.comment-passed')).toContainText(`Đã chuyển Xã Thử ${place}, hạn`);

  const unit = await another(browser, 'unit-contributor', info);
  await unit.getByRole('link', { name }).click();
  await unit.getByLabel('Câu trả lời').first().fill('Xã lắp đèn trong quý một.');
  await unit.getByRole('button', { name: 'Gửi câu trả lời' }).click();
  await expect(unit.getByText('Đã lưu.')).toBeVisible();

  await page.goto(`/tin/${SLUG}`);
  const comment = page.locator('.comment').filter({ hasText: name });
  await expect(comment.locator('.official')).toContainText('Xã lắp đèn trong quý một.');
  await expect(comment.locator('.official').getByRole('link', { name: `Xã Thử ${place}` })).toBeVisible();
  await page.goto(tracking);
  // What the script adds is in place before something is chosen.
  if (info.project.use.javaScriptEnabled !== false) await expect(page.locator('.remember')).toBeVisible();
  const rate = page.locator('form').filter({ has: page.getByRole('button', { name: 'Gửi đánh giá' }) });
  await rate.getByLabel('Hài lòng', { exact: true }).check();
  await rate.getByRole('button', { name: 'Gửi đánh giá' }).click();
  await expect(page.locator('.timeline')).toContainText('Người gửi đánh giá: Hài lòng');
  await expect(page.locator('.timeline .step-name').first()).toHaveText('Đã nhận');
  for (const other of [first, second, unit]) await other.context().close();
});

test('somebody who has nothing to answer is told so', async ({ page }, info) => {
  await signIn(page, 'unit-contributor', info);
  await page.goto('/quan-tri/tra-loi');
  await expect(page.getByRole('heading', { level: 1, name: 'Trả lời người dân' })).toBeVisible();
});
