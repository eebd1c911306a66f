// The report's form in Chromium under the desk's policy: checking, pasting, moving, saving, and without the check.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { POLICY, serve } from './server.js';
import { WORDS } from './words.js';

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});
after(() => browser?.close());

async function open(how = {}) {
  const site = await serve(how);
  const context = await browser.newContext({ viewport: { width: how.width ?? 1280, height: 900 }, locale: 'vi-VN' });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const arrived = page.waitForEvent('requestfinished', { predicate: (request) => request.url().endsWith('check_bg.wasm') }).catch(() => {});
  await page.goto(site.url);
  if (how.check !== '' && !how.policy) await arrived;
  const cell = (code) => page.locator(`#so-${code}`);
  const said = (code) => page.locator(`#noi-${code}`);
  return { site, page, cell, said, state: page.locator('[data-save-state]'), close: () => Promise.all([context.close(), site.close()]) };
}

/** Waits until something is so: what a page says comes after a pause. */
async function until(what, note) {
  let last;
  for (const end = Date.now() + 8000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    last = await what();
    if (last === true) return;
  }
  assert.fail(`${note}: ${JSON.stringify(last)}`);
}
const says = (place, text) => until(async () => (await place.textContent()).includes(text) || (await place.textContent()), text);
const is = (place, text) => until(async () => (await place.inputValue()) === text || (await place.inputValue()), text);

const paste = (cell, text) => cell.evaluate((input, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}, text);

// They wait for most of their time: several at once.
describe('the report', { concurrency: 4 }, () => {
  test('a figure is checked while it is typed', async () => {
    const { page, cell, said, close } = await open();
    await cell('PD1').pressSequentially('12,5');
    await says(said('PD1'), 'Đọc là 12,5.');
    assert.match(await said('PD1').getAttribute('class'), /cell-said--good/);
    await cell('PD1').fill('mười');
    await says(said('PD1'), WORDS.check.notANumber);
    assert.equal(await cell('PD1').getAttribute('aria-invalid'), 'true');
    assert.match(await said('PD1').getAttribute('class'), /cell-said--bad/);
    await cell('PD1').fill('');
    assert.equal(await said('PD1').textContent(), '', 'what was said of another figure is gone at once');
    await cell('PD2').focus();
    await says(said('PD1'), WORDS.check.missing);
    assert.equal(await said('PD2').textContent(), '', 'a cell that nobody typed in is left alone');
    await cell('PD2').fill('-');
    await says(said('PD2'), WORDS.check.nothing);
    assert.equal(await page.locator('[aria-invalid=true]').count(), 1);
    await close();
  });

  test('of two readings one is chosen', async () => {
    for (const [nth, value, reads] of [[0, '1234', 'Đọc là 1.234.'], [1, '1,2340', 'Đọc là 1,234.']]) {
      const { site, cell, said, close } = await open();
      await cell('PD4').fill('1.234');
      await says(said('PD4'), 'Có hai cách đọc: 1.234 hoặc 1,234.');
      assert.equal(await cell('PD4').getAttribute('aria-invalid'), 'true');
      await said('PD4').getByRole('button').nth(nth).click();
      assert.equal(await cell('PD4').inputValue(), value);
      await says(said('PD4'), reads);
      assert.equal(await cell('PD4').getAttribute('aria-invalid'), null);
      await until(() => site.saves.at(-1)?.['so-PD4'] === value || site.saves, 'it is saved');
      await close();
    }
  });

  test('a doubtful figure asks for its reason', async () => {
    const { page, cell, said, close } = await open();
    await cell('PD1').fill('1250');
    await says(said('PD1'), 'Gấp 100 lần');
    const place = page.locator('.cell-reason', { has: page.locator('#ly-do-PD1') });
    assert.match(await place.getAttribute('class'), /is-asked/);
    assert.match(await said('PD1').getAttribute('class'), /cell-said--doubt/);
    await page.locator('#ly-do-PD1').fill('Nhập bù cả quý');
    await says(said('PD1'), WORDS.check.explained);
    assert.match(await said('PD1').getAttribute('class'), /cell-said--good/);
    await cell('PD1').fill('12');
    await says(said('PD1'), 'Đọc là 12.');
    assert.doesNotMatch(await place.getAttribute('class'), /is-asked/);
    await close();
  });

  test('what is wrong in a form that comes filled in is said at once, and nothing else', async () => {
    const { cell, said, close } = await open({ values: { 'so-PD1': '12', 'so-PD2': 'x', 'so-PD3': '20' } });
    await says(said('PD2'), WORDS.check.notANumber);
    await says(said('PD3'), WORDS.check.falls);
    assert.equal(await said('PD1').textContent(), '');
    assert.equal(await said('PD4').textContent(), '');
    assert.equal(await cell('PD4').getAttribute('aria-invalid'), null);
    await close();
  });

  test('Enter goes to the next cell and sends nothing', async () => {
    const { page, cell, close } = await open();
    await cell('PD3').focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'so-PD4');
    await page.keyboard.press('Shift+Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'so-PD3');
    await cell('PD4').press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'noi-dung');
    assert.ok(page.url().endsWith('/'));
    await close();
  });

  test('a column that is pasted fills the cells, is saved, and can be taken back', async () => {
    const { site, page, cell, said, close } = await open();
    await cell('PD2').fill('5');
    await paste(cell('PD2'), '7\r\n95\r\n1.234\r\n8\r\n9\r\n');
    assert.deepEqual(await page.locator('.report-table input').evaluateAll((inputs) => inputs.map((input) => input.value)), ['', '7', '95', '1.234']);
    const told = page.locator('.paste-said');
    await says(told, 'Đã điền 3 ô.');
    assert.deepEqual(await told.locator('li').allTextContents(), ['8', '9']);
    await says(said('PD4'), 'Có hai cách đọc');
    await until(() => site.saves.at(-1)?.['so-PD3'] === '95' || site.saves, 'it is saved');
    await cell('PD2').press('Control+z');
    assert.deepEqual(await page.locator('.report-table input').evaluateAll((inputs) => inputs.map((input) => input.value)), ['', '5', '', '']);
    await until(() => site.saves.at(-1)?.['so-PD3'] === '' || site.saves, 'it is saved as well');
    await close();
  });

  test('a table that is pasted finds its targets, and asks for the column', async () => {
    const { page, cell, close } = await open();
    await paste(cell('PD1'), 'Chỉ tiêu\tKế hoạch\tThực hiện\nHộ thoát nghèo bền vững\t60\t12\nCây xanh trồng mới\t1200\t11\nViệc khác\t1\t2');
    assert.equal(await cell('PD1').inputValue(), '');
    const told = page.locator('.paste-said');
    await says(told, WORDS.check.whichColumn);
    await told.getByRole('button', { name: /^Thực hiện/ }).click();
    await is(cell('PD1'), '11');
    await is(cell('PD2'), '12');
    assert.deepEqual(await told.locator('li').allTextContents(), ['Chỉ tiêu | Kế hoạch | Thực hiện', 'Việc khác | 1 | 2']);
    await close();
  });

  test('what others saved meanwhile comes into the form, and the next saving goes on from it', async () => {
    const { site, cell, state, said, close } = await open();
    site.answers.push({ saved: 'merged', version: 9, cells: { 'so-PD1': '12', 'so-PD2': 'x' } });
    await cell('PD1').fill('12');
    await says(state, WORDS.unsaved);
    await says(state, WORDS.merged);
    assert.equal(site.saves[0].version, '3');
    assert.equal(site.saves[0].base, '');
    assert.equal(site.saves[0]['ly-do-PD1'], '');
    await is(cell('PD2'), 'x');
    await says(said('PD2'), WORDS.check.notANumber);
    await cell('PD2').fill('6');
    await says(state, WORDS.saved);
    assert.equal(site.saves[1].version, '9');
    await close();
  });

  test('typing on while a saving merges says what it goes on from', async () => {
    const { site, page, cell, state, close } = await open();
    await page.route('**/tu-luu', async (route) => {
      const answer = await route.fetch();
      if (site.saves.length === 1) await cell('PD4').fill('4');
      await route.fulfill({ response: answer });
    });
    site.answers.push({ saved: 'merged', version: 9, cells: { 'so-PD1': '12', 'so-PD2': '3' } });
    await cell('PD1').fill('12');
    await until(() => site.saves.length === 2 || site.saves, 'it is saved again');
    assert.equal(site.saves[1]['so-PD4'], '4');
    assert.equal(site.saves[1].version, '9');
    assert.equal(JSON.parse(site.saves[1].base)['so-PD1'], '12');
    await says(state, WORDS.saved);
    await close();
  });

  test('a cell that two people changed stops the saving, and the button sends it', async () => {
    const { site, page, cell, state, close } = await open();
    site.answers.push({ saved: 'conflict', cells: {}, conflicts: ['so-PD1'] });
    await cell('PD1').fill('12');
    await says(state, WORDS.conflict);
    await cell('PD1').fill('13');
    await page.waitForTimeout(3000);
    assert.equal(site.saves.length, 1);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.waitForURL('**/bao-cao');
    await close();
  });

  test('a report that was closed, a session that ended and a refusal are told', async () => {
    for (const [answer, sentence] of [
      [{ saved: 'closed' }, WORDS.closed],
      [{ status: 401 }, WORDS.signedOut],
      [{ status: 422, error: { Invalid: {} }, sentence: 'Ô này quá dài.' }, 'Ô này quá dài.'],
      [{ status: 413, error: 'TooLarge' }, WORDS.tooLarge],
      [{ status: 503, error: 'Unavailable' }, WORDS.failed],
    ]) {
      const { site, cell, state, close } = await open();
      site.answers.push(answer);
      await cell('PD1').fill('12');
      await says(state, sentence);
      assert.equal(await state.getByRole('link', { name: WORDS.signIn }).count(), answer.status === 401 ? 1 : 0);
      await close();
    }
  });

  test('what could not be sent is offered again', async () => {
    const { site, page, cell, state, close } = await open();
    await page.route('**/tu-luu', (route) => route.abort());
    await cell('PD1').fill('12');
    await says(state, WORDS.failed);
    await page.evaluate(() => JSON.parse(localStorage.getItem('thidua:desk:report:12:34')).text['so-PD1'] === '12' || Promise.reject(new Error('nothing is kept')));
    await page.unroute('**/tu-luu');
    // A crash: no last words are sent.
    await page.route('**/tu-luu', (route) => route.abort(), { times: 1 });
    await page.goto('about:blank');
    site.saves.length = 0;
    await page.goto(site.url);
    await page.getByRole('button', { name: WORDS.restoreYes }).click();
    await is(cell('PD1'), '12');
    await says(state, WORDS.restored);
    await until(() => site.saves.at(-1)?.['so-PD1'] === '12' || site.saves, 'it is saved');
    await says(state, WORDS.saved);
    assert.equal(await page.evaluate(() => localStorage.getItem('thidua:desk:report:12:34')), null);
    await close();
  });

  test('without the check everything else works', async () => {
    for (const how of [{ check: '' }, { policy: POLICY.replace(" 'wasm-unsafe-eval'", '') }]) {
      const { site, page, cell, said, close } = await open(how);
      const faults = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await paste(cell('PD1'), '1.234\nmười\n');
      await says(page.locator('.paste-said'), 'Đã điền 2 ô.');
      await cell('PD1').press('Enter');
      await until(() => site.saves.at(-1)?.['so-PD2'] === 'mười' || site.saves, 'it is saved');
      assert.equal(await said('PD1').textContent(), '');
      assert.deepEqual(faults, []);
      await close();
    }
  });

  test('a phone shows it without scrolling sideways', async () => {
    const { page, cell, said, close } = await open({ width: 360 });
    await cell('PD4').fill('1.234');
    await says(said('PD4'), 'Có hai cách đọc');
    await paste(cell('PD1'), '1250\nmười\n20');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/360.png`, fullPage: true });
    await page.setViewportSize({ width: 1280, height: 900 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/1280.png`, fullPage: true });
    await close();
  });
});
