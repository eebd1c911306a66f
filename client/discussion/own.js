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

/** Shows on a tracking page the code that this tab knows, and fills it in where it is asked for. */
export function wakeOwn() {
  const forms = document.querySelectorAll('.own-comment form');
  if (!forms.length) return;
  let code = null;
  try {
    code = sessionStorage.getItem(prefix + forms[0].dataset.receipt);
  } catch {
    // the same
  }
  if (!code) return;
  for (const form of forms) {
    const field = form.elements.namedItem('ma-sua');
    if (!field.value) field.value = code;
  }
  const line = document.querySelector('.edit-code-line');
  if (!line) return;
  line.querySelector('.edit-code').textContent = code;
  line.hidden = false;
}
