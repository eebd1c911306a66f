// What the saving of a form decides without a page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf, isInPlace, isRefusedForGood, unansweredOf } from '../desk/saving.js';

const formOf = (text) => (name) => text[name];

test('a kept text is in place whatever its line endings are', () => {
  const inForm = formOf({ title: 'A', body: 'một\nhai' });
  assert.ok(isInPlace({ title: 'A', body: 'một\r\nhai' }, inForm));
  assert.ok(isInPlace({ title: 'A', gone: '' }, inForm), 'an empty field that the form no longer has');
  assert.ok(!isInPlace({ title: 'B' }, inForm));
  assert.ok(!isInPlace({ gone: 'x' }, inForm), 'words in a field that the form no longer has are offered');
});

test('the last kept text is offered, and one that nobody answered for is not lost', () => {
  const inPlace = (text) => text === 'same';
  const older = { text: 'older' };
  assert.equal(unansweredOf(null, inPlace), null);
  assert.equal(unansweredOf({ text: 'same' }, inPlace), null);
  assert.equal(unansweredOf({ text: 'same', unanswered: older }, inPlace), older);
  const kept = { text: 'newer', unanswered: older };
  assert.equal(unansweredOf(kept, inPlace), kept);
});

test('what is refused for what it says is not sent again unchanged', () => {
  assert.ok(isRefusedForGood({ error: 'TooLarge' }));
  assert.ok(isRefusedForGood({ error: { Invalid: [] } }));
  assert.ok(!isRefusedForGood({ error: 'Unavailable' }));
  assert.ok(!isRefusedForGood(null));
});

test('what is saved is everything with a name but the marks', () => {
  const elements = [{ name: 'title' }, { name: '' }, { name: 'version' }, { name: 'chon-body-0' }];
  assert.deepEqual(fieldsOf({ elements }, ['version'], /^chon-/).map(({ name }) => name), ['title']);
  assert.equal(fieldsOf({ elements }, []).length, 3);
});
