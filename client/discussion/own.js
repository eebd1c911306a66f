// The second code of what was sent here, by which it is changed or withdrawn: this tab keeps it, and the tracking page
// shows it and fills it in.

const prefix = 'thidua:edit:';

export function rememberCode(receipt, code) {
  try {
    sessionStorage.setItem(prefix + receipt, code);
  } catch {
    // no storage: it is typed
  }
}

/** Shows on a tracking page the code that this tab knows. */
export function wakeOwn() {
  const form = document.querySelector('.own-comment form');
  if (!form) return;
  let code = null;
  try {
    code = sessionStorage.getItem(prefix + form.dataset.receipt);
  } catch {
    // the same
  }
  if (!code) return;
  const field = form.elements.namedItem('ma-sua');
  if (!field.value) field.value = code;
  const line = document.querySelector('.edit-code-line');
  line.querySelector('.edit-code').textContent = code;
  line.hidden = false;
}
