// Campaigns with the client: results are sorted and narrowed without loading a document, and so are the pages between.
import type { Page } from '@playwright/test';
import { expect, ready, test } from './page';

const mark = (page: Page) => page.evaluate(() => document.documentElement.setAttribute('data-marked', ''));
const stayed = (page: Page) => expect(page.locator('html[data-marked]')).toBeAttached();

test('results are sorted and narrowed without loading a document', async ({ page }) => {
  await page.goto('/');
  await ready(page);
  await mark(page);
  await page.locator('.main-nav').getByRole('link', { name: 'Phong trào' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Phong trào thi đua');
  await page.getByRole('link', { name: /mục tiêu kép/i }).first().click();
  await expect(page.locator('article.campaign h1')).toBeVisible();
  await expect(page.locator('#gui-phan-hoi')).toBeVisible();
  await page.locator('article.campaign').getByRole('link', { name: /kết quả/i }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Kết quả');
  const first = page.locator('.result-table tbody tr').first();
  const before = await first.innerText();
  await page.locator('.choices').getByRole('link', { name: 'Tên', exact: true }).first().click();
  await expect(page).toHaveURL(/xep=ten/);
  await expect(first).not.toHaveText(before);
  await page.locator('.result-table tbody a').first().click();
  await expect(page).toHaveURL(/\/don-vi\//);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await stayed(page);
  await page.goBack();
  await expect(page).toHaveURL(/xep=ten/);
  await stayed(page);
});

test('a path that leads nowhere says so, with the client too', async ({ page }) => {
  await page.goto('/');
  await ready(page);
  await mark(page);
  // A link of the page to what is no longer there.
  await page.evaluate(() => document.querySelector('.campaign-card a')!.setAttribute('href', '/thi-dua/khong-co'));
  await page.locator('.campaign-card a').first().click();
  await expect(page.locator('.error-code')).toHaveText('404');
  await stayed(page);
});

test.use({ expected: [/404/] });
