// What a discussion does with a script, whether the client is there or not. Each part works by what stands in the page
// and listens to the whole document, so that a page that is put in place later needs little of it.
import './form.js';
import { wakeAgreements } from './agree.js';
import { wakeLive } from './live.js';
import { wakeOwn } from './own.js';

/** Sees to a page that has been put in place. */
export function wake() {
  wakeAgreements();
  wakeOwn();
  wakeLive();
}
