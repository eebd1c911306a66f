// What every page promises: axe and a validator find nothing, and nothing is wider than the screen.
import AxeBuilder from '@axe-core/playwright';
import { HtmlValidate } from 'html-validate';
import { SLUG, expect, test } from './page';

const PAGES = [
  '/', '/tin', '/tin/chuyen-muc/phat-dong', `/tin/${SLUG}`, '/tin/phat-dong-thi-dua-muc-tieu-kep-2021', '/tim-kiem?q=muc+tieu',
  '/tim-kiem?q=khongcogi', '/chinh-sach/rieng-tu', '/chinh-sach/kiem-duyet', '/nhan/muc-tieu-kep', '/khong-co', '/tin/khong-co', '/en',
  `/en/tin/${SLUG}`,
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

test.use({ expected: [/404/] });

for (const path of PAGES) {
  test(`${path} is valid, accessible and fits the screen`, async ({ page, javaScriptEnabled }) => {
    const answer = await page.goto(path);
    // Leptos marks places with <!>, which the validator takes for the end of the document.
    const html = (await answer!.text()).replaceAll('<!>', '<!---->');
    const report = await validator.validateString(html);
    expect(report.results.flatMap((result) => result.messages.map((message) => `${message.ruleId}: ${message.message} (${message.line}:${message.column})`))).toEqual([]);
    if (javaScriptEnabled === false) return;
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    const axe = await new AxeBuilder({ page }).analyze();
    expect(axe.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target).join(' ')}`)).toEqual([]);
  });
}
