// What every page promises: axe and a validator find nothing, and nothing is wider than the screen.
import AxeBuilder from '@axe-core/playwright';
import { HtmlValidate } from 'html-validate';
import { type Page, expect } from '@playwright/test';

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
export async function inspect(page: Page, html: string, script: boolean | undefined): Promise<void> {
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
  // No link spreads over what is not its own: the navigation can be clicked.
  expect(await page.evaluate(() => {
    const link = document.querySelector('.main-nav a');
    link?.scrollIntoView();
    const box = link?.getBoundingClientRect();
    const there = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !there || !there.closest('main');
  }), 'something of the page lies over the navigation').toBe(true);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const axe = await new AxeBuilder({ page }).exclude('iframe').analyze();
    expect(axe.violations.map((violation) => `${colorScheme}: ${violation.id}: ${violation.nodes.map((node) => node.target).join(' ')}`)).toEqual([]);
  }
}
