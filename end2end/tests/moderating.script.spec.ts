// What a script adds to the moderators' queue: keys, decisions in place, a minute to take them back, and being told of others.
import { SLUG, expect, test } from './page';
import { another, signIn } from './official';

test('the queue is cleared with single keys, and what was done is taken back', async ({ page, browser }, info) => {
  const mark = `Hàng chờ ${info.project.name}`;
  for (const number of [1, 2, 3]) {
    await page.request.post(`/tin/${SLUG}`, { form: { name: `${mark} ${number}`, text: `Ý kiến số ${number}.` } });
  }
  await signIn(page, 'moderator', info);
  await page.goto('/quan-tri/phan-hoi');
  const item = (number: number) => page.locator('.queue-item').filter({ hasText: `${mark} ${number}` });
  await item(1).focus();
  await page.keyboard.press('d');
  await expect(item(1)).toHaveCount(0);
  await expect(page.locator('.queue-said')).toContainText('Đã duyệt: 1.');
  await expect(page.locator('.queue-item:focus')).toHaveCount(1);
  await page.keyboard.press('u');
  await expect(item(1)).toHaveCount(1);
  await expect(page.locator('.queue-said')).toContainText('Đã hoàn tác');

  // Somebody else is told who has the item open, and who was quicker.
  await item(2).focus();
  const other = await another(browser, 'moderator-hai', info);
  await other.goto('/quan-tri/phan-hoi');
  const theirs = other.locator('.queue-item').filter({ hasText: `${mark} 2` });
  await expect(theirs.locator('.queue-open')).toContainText('đang xem mục này');
  await page.keyboard.press('t');
  await page.keyboard.press('4');
  await expect(item(2)).toHaveCount(0);
  await expect(page.locator('.queue-said')).toContainText('Đã từ chối: 1.');
  await theirs.locator('button[name=duyet]').click();
  await expect(other.locator('.queue-said')).toContainText('Đã có quyết định trước đó');
  await expect(theirs).toHaveCount(0);
  await other.context().close();

  for (const number of [1, 3]) await item(number).locator('input[name=muc]').check();
  await page.getByRole('button', { name: 'Duyệt các mục đã chọn' }).click();
  await expect(page.locator('.queue-said')).toContainText('Đã duyệt: 2.');
  await page.reload();
  await expect(page.locator('.queue-item').filter({ hasText: mark })).toHaveCount(0);
  await page.goto(`/tin/${SLUG}`);
  await expect(page.locator('.comment').filter({ hasText: mark })).toHaveCount(2);
});
