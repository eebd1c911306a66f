// What a script adds to sharing: the phone's own sheet, a copied address, printing; the other ways are plain links.
import { SLUG, expect, test } from './page';

test('an announcement is shared by the sheet of the phone, by its address, and printed', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.addInitScript(() => {
    const told = (what: unknown) => document.documentElement.setAttribute('data-told', JSON.stringify(what));
    Object.defineProperty(navigator, 'share', { value: async (what: unknown) => told(what) });
    window.print = () => told('printed');
  });
  await page.goto(`/tin/${SLUG}`);
  const told = page.locator('html');
  await page.getByRole('button', { name: 'Chia sẻ…' }).click();
  await expect(told).toHaveAttribute('data-told', new RegExp(`"url":"${baseURL}/tin/${SLUG}"`));
  await page.getByRole('button', { name: 'Chép liên kết' }).click();
  await expect(page.getByRole('button', { name: 'Đã chép liên kết.' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseURL}/tin/${SLUG}`);
  await page.getByRole('button', { name: 'In trang' }).click();
  await expect(told).toHaveAttribute('data-told', '"printed"');
});

test('a browser without a sheet of its own shows no button for it', async ({ page }) => {
  await page.addInitScript(() => {
    // @ts-expect-error a browser without it
    delete Navigator.prototype.share;
  });
  await page.goto(`/tin/${SLUG}`);
  await expect(page.getByRole('button', { name: 'In trang' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Chia sẻ…' })).toBeHidden();
  await expect(page.locator('.share').getByRole('link', { name: 'Facebook' })).toHaveAttribute('href', /^https:\/\/www\.facebook\.com\/sharer/);
  await expect(page.locator('.share').getByRole('link', { name: 'Gửi e-mail' })).toHaveAttribute('href', /^mailto:\?subject=X/);
});
