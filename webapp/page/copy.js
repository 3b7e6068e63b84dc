// A button that copies a text.
import { el } from './dom.js';
import { t } from './i18n.js';

/** Returns a button that copies the text of an element, and says that it did. */
export function copyButton(source, label) {
  const button = el('button', { type: 'button', className: 'quiet', 'aria-label': label }, t('copy'));
  button.addEventListener('click', async () => {
    if (await copied(source)) {
      button.textContent = t('copied');
      button.setAttribute('aria-label', t('copied'));
    }
  });
  return button;
}

async function copied(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    // Plain HTTP has no clipboard outside this machine: mark the text, and copy what is marked.
    getSelection().selectAllChildren(source);
    return document.execCommand('copy');
  }
}
