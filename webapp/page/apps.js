// What the unchanged apps of the vendor show for an answer; the documentation has the same in published-apps.md.
import { el, fact } from './dom.js';
import { t } from './i18n.js';

/** Returns what is shown for a failed answer to a question, or nothing where there was no answer. */
export function appsOnFailure(question, status) {
  if (status === 0) {
    return '';
  }
  if (question === 'start') {
    return shown('apps.startAndroid', 'apps.startIos');
  }
  return shown('apps.joinAndroid', status === 409 ? 'apps.fullIos' : 'apps.joinIos');
}

/** Returns what is shown when the time limit has ended a call. */
export function appsOnLimit() {
  return shown('apps.byeAndroid', 'apps.byeIos');
}

function shown(android, ios) {
  return el('div', { className: 'apps', id: 'apps' },
    el('p', { className: 'label' }, t('apps.title')),
    el('dl', { className: 'facts' }, fact('Android', t(android)), fact('iOS', t(ios))));
}
