// What every page promises: axe and a validator find nothing, and nothing is wider than the screen.
import AxeBuilder from '@axe-core/playwright';
import { HtmlValidate } from 'html-validate';
import { type Page } from '@playwright/test';
import { SLUG, expect, savingData, test, thidua } from './page';

const PAGES = [
  '/', '/tin', '/tin/chuyen-muc/phat-dong', `/tin/${SLUG}`, '/tin/phat-dong-thi-dua-muc-tieu-kep-2021', '/tim-kiem?q=muc+tieu',
  '/tim-kiem?q=khongcogi', '/chinh-sach/rieng-tu', '/chinh-sach/kiem-duyet', '/nhan/muc-tieu-kep', '/khong-co', '/tin/khong-co', '/en',
  `/en/tin/${SLUG}`, '/tin/ket-qua-cham-diem-dot-mot', '/tin/bai-thu-tan-cong',
  '/theo-doi', '/theo-doi?ma=K7QM',
];
const validator = new HtmlValidate({
  extends: ['html-validate:standard'],
  rules: {
    'no-inline-style': 'error',
    // Markdown writes the alignment of a column as an attribute.
    'no-deprecated-attr': 'off',
    // Labels of groups and of landmarks, which screen readers read.
    'aria-label-misuse': 'off',
    'prefer-native-element': 'off',
    'no-redundant-role': 'off',
    'no-implicit-button-type': 'off',
    'no-implicit-input-type': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'tel-non-breaking': 'off',
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'doctype-style': 'off',
    'void-style': 'off',
    'require-sri': 'off',
  },
});

/** A page that is shown, and its HTML as the server sent it. */
async function inspect(page: Page, html: string, script: boolean | undefined): Promise<void> {
  // Leptos marks places with <!>, which the validator takes for the end of the document.
  const report = await validator.validateString(html.replaceAll('<!>', '<!---->'));
  expect(report.results.flatMap((result) => result.messages.map((message) => `${message.ruleId}: ${message.message} (${message.line}:${message.column})`))).toEqual([]);
  if (script === false) return;
  await expect(page.locator('html[data-smuggled]')).toHaveCount(0);
  const { width, height } = page.viewportSize()!;
  for (const shown of [width, 768]) {
    await page.setViewportSize({ width: shown, height });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `at ${shown} pixels`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width, height });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const axe = await new AxeBuilder({ page }).analyze();
    expect(axe.violations.map((violation) => `${colorScheme}: ${violation.id}: ${violation.nodes.map((node) => node.target).join(' ')}`)).toEqual([]);
  }
}

test.use({ expected: [/404|410/] });

for (const path of PAGES) {
  test(`${path} is valid, accessible and fits the screen`, async ({ page, javaScriptEnabled }) => {
    const answer = await page.goto(path);
    await inspect(page, await answer!.text(), javaScriptEnabled);
  });
}

test('what became of a comment is valid, accessible and fits the screen, in every state', async ({ page, javaScriptEnabled }, info) => {
  const sent = await page.request.post(`/tin/${SLUG}`, { form: { name: 'Chú Chín', text: `Để xem trang theo dõi ${info.project.name}` } });
  const code = sent.url().split('/').pop()!;
  for (const decide of [[], ['reject', code, '--reason', 'Có số điện thoại của người khác.'], ['approve', code]]) {
    if (decide.length > 0) thidua('comment', ...decide);
    const answer = await page.goto(sent.url());
    await inspect(page, await answer!.text(), javaScriptEnabled);
  }
});

test.describe('a refused form', () => {
  test.use({ expected: [/422/] });

  test('is valid, accessible and fits the screen', async ({ page, javaScriptEnabled }) => {
    // Without the client, so that the server refuses it.
    await savingData(page);
    await page.goto(`/tin/${SLUG}`);
    await page.getByLabel('E-mail (không bắt buộc)').fill('không phải thế');
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
    expect((await answer).status()).toBe(422);
    await expect(page.getByRole('alert')).toBeVisible();
    await inspect(page, await (await answer).text(), javaScriptEnabled);
  });
});
