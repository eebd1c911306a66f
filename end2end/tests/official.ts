// Officials in the browser tests: each project has its own, made by serve.sh.
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type Page, type TestInfo, expect } from '@playwright/test';

export const PASSWORD = 'con ngua van an co';

/** The name of an official of a project and a file of tests. */
export function official(role: string, info: TestInfo): string {
  const file = basename(info.file).replace('.script', '-script').replace('.spec.ts', '');
  return `${role}-${info.project.name.replace(' without script', '-khong')}-${file}`;
}

/** Signs in as an official of this project. */
export async function signIn(page: Page, role: string, info: TestInfo): Promise<void> {
  await page.goto('/dang-nhap');
  await page.getByLabel('Tên đăng nhập').fill(official(role, info));
  await page.getByLabel('Mật khẩu').fill(PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Việc của tôi' })).toBeVisible();
}

/** Another person, in a browser of their own. */
export async function another(browser: Browser, role: string, info: TestInfo): Promise<Page> {
  const { viewport, isMobile, hasTouch, javaScriptEnabled, baseURL, locale } = info.project.use;
  const context = await browser.newContext({ viewport, isMobile, hasTouch, javaScriptEnabled, baseURL: baseURL ?? undefined, locale });
  const page = await context.newPage();
  await signIn(page, role, info);
  return page;
}

/** Begins an announcement with a title and gives the address of its editor. */
export async function begin(page: Page, title: string): Promise<string> {
  await page.goto('/quan-tri');
  await page.getByRole('button', { name: 'Viết tin' }).first().click();
  await expect(page).toHaveURL(/\/quan-tri\/tin\/\d+/);
  // The desk's script has run: what is typed before is not saved by itself.
  await page.waitForLoadState('domcontentloaded');
  await page.getByLabel('Tiêu đề', { exact: true }).fill(title);
  return new URL(page.url()).pathname;
}

/** The fields of an announcement as the server has them now, whatever stands in anybody's browser. */
export async function stored(page: Page, address: string): Promise<Record<string, string>> {
  const html = await (await page.request.get(address)).text();
  return page.evaluate((html) => {
    const form = new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLFormElement>('#soan')!;
    return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).replaceAll('\r\n', '\n')]));
  }, html);
}

/** A Word file as officials have one; the same in the repository and in a copy of these tests. */
export const WORD = process.env.THIDUA_E2E_WORD ?? fileURLToPath(new URL('../../tests/fixtures/word.docx', import.meta.url));
