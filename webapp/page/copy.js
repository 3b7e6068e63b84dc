// Buttons that copy a text.
import { el } from './dom.js';
import { t } from './i18n.js';

/**
 * Returns a button that copies a text, and says that it did.
 *
 * @param source the element whose text it is, or what returns it
 * @param label the button's whole name; begins with its text
 */
export function copyButton(source, label, text = t('copy')) {
  const button = el('button', { type: 'button', className: 'quiet copy', 'aria-label': label }, text);
  button.addEventListener('click', async () => {
    if (await copied(typeof source === 'function' ? source() : source.textContent, button)) {
      button.textContent = t('copied');
      button.setAttribute('aria-label', t('copied'));
    }
  });
  return button;
}

async function copied(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain HTTP has no clipboard outside this machine: mark the text, and copy what is marked.
    const marked = el('textarea', { value: text, className: 'unseen', readOnly: true });
    button.after(marked);
    marked.select();
    const done = document.execCommand('copy');
    marked.remove();
    button.focus();
    return done;
  }
}
