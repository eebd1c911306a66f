// What every browser test shares: it fails on an error in the console and on any request to another origin.
import { execFileSync } from 'node:child_process';
import { type Page, expect, test as base } from '@playwright/test';

export const SLUG = 'xa-ben-lau-phat-dong-thi-dua-giu-sach-bo-song';

export const test = base.extend<{ expected: RegExp[]; watched: void }>({
  // Console errors that a test provokes on purpose (Chromium logs one for each answer from 400 on).
  expected: [[], { option: true }],
  watched: [
    async ({ page, expected, baseURL }, use) => {
      const wrong: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !expected.some((pattern) => pattern.test(message.text()))) wrong.push(message.text());
      });
      page.on('pageerror', (error) => wrong.push(String(error)));
      page.on('request', (request) => {
        if (!request.url().startsWith(baseURL!) && !request.url().startsWith('data:')) wrong.push(`request to ${request.url()}`);
      });
      await use();
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});

/** Wakes the client as a person would, by a sign of life, and waits until it has taken the page over. */
export async function ready(page: Page): Promise<void> {
  await page.locator('body').dispatchEvent('pointerover');
  await expect(page.locator('html[data-client=ready]')).toBeAttached({ timeout: 20_000 });
}

/** Says to the page that its reader pays for every byte: the client is not fetched. */
export async function savingData(page: Page): Promise<void> {
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
}

/** As a browser whose reader asked for less data; Chromium has no switch for it yet. */
export async function preferringLessData(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const matches = matchMedia;
    globalThis.matchMedia = (query) => matches(query.includes('prefers-reduced-data') ? 'all' : query);
  });
}

/** Runs the program beside a server, as an official does, on the data folder of that server. */
export function run(data: string, words: string[], input = ''): string {
  return execFileSync(process.env.THIDUA_PROGRAM!, words, { encoding: 'utf8', input, env: { ...process.env, THIDUA_DATA: data } });
}

/** The same beside the server of all tests, and the time within which the server is to show what another process changed. */
export function thidua(...words: string[]): string {
  const said = run(process.env.THIDUA_E2E_DATA!, words);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  return said;
}

export { expect };
