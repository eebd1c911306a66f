// Codes are kept on a device once somebody has asked for that, and forgotten when asked.
import { SLUG, expect, test } from './page';

test('a device keeps codes only when asked, and forgets them', async ({ page }, info) => {
  const send = async (name: string) => {
    await page.goto(`/tin/${SLUG}`);
    await page.getByLabel('Họ và tên').fill(name);
    await page.getByLabel('Nội dung phản hồi').fill(`Nhớ mã ${name}`);
    await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
    await expect(page.locator('.receipt-code')).toBeVisible();
    return page.locator('.receipt-code').innerText();
  };
  const stored = () => page.evaluate(() => localStorage.getItem('thidua:mine'));
  const first = await send(`Một ${info.project.name}`);
  expect(await stored()).toBeNull();
  await page.goto('/theo-doi');
  await page.getByLabel('Mã biên nhận').focus();
  await expect(page.locator('.my-comments')).toBeHidden();

  await page.goto(`/theo-doi/${first}`);
  await page.locator('h1').hover();
  await page.getByRole('button', { name: 'Nhớ mã trên thiết bị này' }).click();
  await expect(page.getByRole('button', { name: 'Quên mã này' })).toHaveAttribute('aria-pressed', 'true');
  const second = await send(`Hai ${info.project.name}`);
  await page.goto('/theo-doi');
  await page.getByLabel('Mã biên nhận').focus();
  await expect(page.locator('.my-comments li')).toHaveCount(2);
  await page.getByRole('link', { name: second }).click();
  await expect(page.locator('.receipt-code')).toHaveText(second);

  await page.goto('/theo-doi');
  await page.getByLabel('Mã biên nhận').focus();
  await page.getByRole('button', { name: `Quên mã này (${first})` }).click();
  await expect(page.locator('.my-comments li')).toHaveCount(1);
  await page.getByRole('button', { name: 'Quên tất cả' }).click();
  await expect(page.getByText('Đã quên.')).toBeVisible();
  expect(await stored()).toBeNull();
});
