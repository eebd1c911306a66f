// The check of figures as browsers run it: the built module against a table of cells. THIDUA_CHECK names its folder.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const folder = process.env.THIDUA_CHECK;
assert.ok(folder, 'THIDUA_CHECK names no folder: tools/check-module.sh builds the module and says where it lies');
const module = await import(pathToFileURL(join(folder, 'check.js')).href);
await module.default({ module_or_path: await readFile(join(folder, 'check_bg.wasm')) });

const NOTHING = { canBeSent: false, shown: null, plain: null, doubts: [], times: null, thousands: null, decimal: null, thousandsTyped: null, decimalTyped: null, why: null };
const check = (asked) => JSON.parse(module.check_cell(JSON.stringify({ typed: '', reason: '', counting: 'sum', goal: null, earlier: [], lang: 'vi', ...asked })));
const figure = (plain, shown, more = {}) => ({ state: 'figure', canBeSent: true, plain, shown, ...more });
const either = (thousands, decimal, thousandsTyped, decimalTyped) => ({ state: 'unclear', thousands, decimal, thousandsTyped, decimalTyped });

for (const [asked, said] of [
  [{ typed: '' }, { state: 'missing' }],
  [{ typed: ' \u00a0' }, { state: 'missing' }],
  [{ typed: '–' }, { state: 'nothing', canBeSent: true }],
  [{ typed: '12' }, figure('12', '12')],
  [{ typed: ' 1.234,5 ' }, figure('1234.5', '1.234,5')],
  [{ typed: '1,234.5', lang: 'en' }, figure('1234.5', '1,234.5')],
  [{ typed: '1 234 567' }, figure('1234567', '1.234.567')],
  [{ typed: '12,5%' }, figure('12.5', '12,5')],
  [{ typed: '0,123' }, figure('0.123', '0,123')],
  [{ typed: '1.234' }, either('1.234', '1,234', '1234', '1,2340')],
  [{ typed: '1,234', lang: 'en' }, either('1,234', '1.234', '1234', '1.2340')],
  [{ typed: '-12.340' }, either('-12.340', '-12,34', '-12340', '-12,34')],
  [{ typed: '(1.000)' }, either('-1.000', '-1', '-1000', '-1')],
  [{ typed: 'mười' }, { state: 'unreadable', why: 'not-a-number' }],
  [{ typed: '1.23.4' }, { state: 'unreadable', why: 'not-a-number' }],
  [{ typed: '1000000000000000' }, { state: 'unreadable', why: 'too-large' }],
  [{ typed: '1,1234567' }, { state: 'unreadable', why: 'too-precise' }],
  [{ typed: '(5)' }, figure('-5', '-5', { canBeSent: false, doubts: ['negative'] })],
  [{ typed: '121', earlier: ['12', null] }, figure('121', '121', { canBeSent: false, doubts: ['far-above'], times: 10 })],
  [{ typed: '121', earlier: ['12', null], reason: ' ' }, figure('121', '121', { canBeSent: false, doubts: ['far-above'], times: 10 })],
  [{ typed: '121', earlier: ['12', null], reason: 'Nhập bù' }, figure('121', '121', { doubts: ['far-above'], times: 10 })],
  [{ typed: '1001', goal: '100' }, figure('1001', '1.001', { canBeSent: false, doubts: ['far-above'], times: 10 })],
  [{ typed: '1001', goal: '100', counting: 'level' }, figure('1001', '1.001')],
  [{ typed: '6', earlier: ['12.5', null], counting: 'level' }, figure('6', '6', { canBeSent: false, doubts: ['falls'] })],
  [{ typed: '-1', earlier: ['4'], counting: 'level' }, figure('-1', '-1', { canBeSent: false, doubts: ['negative', 'falls'] })],
  [{ typed: '900', percent: true, counting: 'level' }, figure('900', '900', { canBeSent: false, doubts: ['over-whole'] })],
  [{ typed: '6', earlier: ['12.5', null] }, figure('6', '6')],
  [{ typed: '7', goal: 'nhiều', earlier: ['x'], counting: '' }, figure('7', '7')],
]) {
  test(`${JSON.stringify(asked)} is ${said.state}`, () => assert.deepEqual(check(asked), { ...NOTHING, ...said }));
}

test('what is offered to type leaves no doubt', () => {
  for (const lang of ['vi', 'en']) {
    for (const sign of ['.', ',']) {
      for (const typed of [`1${sign}234`, `12${sign}300`, `999${sign}999`, `-1${sign}001`]) {
        const { thousands, decimal, thousandsTyped, decimalTyped } = check({ typed, lang });
        assert.equal(check({ typed: thousandsTyped, lang }).shown, thousands, typed);
        assert.equal(check({ typed: decimalTyped, lang }).shown, decimal, typed);
      }
    }
  }
});

test('what is no cell is an error and breaks nothing', () => {
  assert.throws(() => module.check_cell('x'));
  assert.equal(check({ typed: '1' }).plain, '1');
});
