// How a phone in the same network reaches the server: its address as a text and as a QR code, and where the apps have it.
import { ask } from './api.js';
import { copyButton } from './copy.js';
import { byId, el } from './dom.js';
import { onLanguage, t } from './i18n.js';
import { svg } from './plot.js';

const QUIET_ZONE = 4;

let known;
let chosen = 0;

/** Asks once: the address does not change while the page is open. */
export async function startConnect() {
  onLanguage(render);
  const page = new URL('.', document.baseURI);
  known = (await ask(`app/connect?page=${encodeURIComponent(page.origin + page.pathname)}`)).json?.data;
  render();
}

function render() {
  const address = known?.addresses[chosen];
  byId('connect-code').replaceChildren(...(address ? [code(address)] : []));
  byId('connect-text').replaceChildren(...(address ? reachable(address) : [advice('connect.unknown', 'connect.unknownDo')]));
}

function reachable({ url }) {
  const base = url.replace(/\/$/, '');
  return [
    line('connect.address', url, t('connect.copyAddress')),
    others(),
    ...(known.loopback ? [advice('connect.loopback', 'connect.loopbackDo')] : []),
    ...(url.startsWith('http:') ? [advice('connect.plain', 'connect.plainDo', plainLines(url))] : []),
    el('h3', {}, t('connect.apps')),
    el('p', { className: 'note' }, t('connect.appsHint')),
    el('div', { className: 'app-lines' },
      line('connect.android', `"${base}"`, t('connect.copyAndroid'), 'constant/Constant.java'),
      line('connect.ios', `@"${base}"`, t('connect.copyIos'), 'Utils/Http/AliBaseHttpClient.m')),
  ];
}

/** Returns buttons for the machine's other addresses, if it has more than one. */
function others() {
  return known.addresses.length < 2 ? '' : el('p', { className: 'buttons', role: 'group', 'aria-label': t('connect.others') },
    ...known.addresses.map(({ url }, i) => {
      const button = el('button', { type: 'button', className: 'quiet', 'aria-pressed': String(i === chosen) }, new URL(url).hostname);
      button.addEventListener('click', () => {
        chosen = i;
        render();
        byId('connect-text').querySelectorAll('[aria-pressed]')[i].focus();
      });
      return button;
    }));
}

function line(name, text, label, file) {
  const value = el('code', {}, text);
  return el('div', { className: 'copyable' },
    el('p', { className: 'label' }, t(name), file ? el('code', {}, file) : ''),
    el('div', { className: 'curl' }, value, copyButton(value, label)));
}

function advice(what, todo, more) {
  return el('div', { className: 'advice' }, el('p', { className: 'what' }, t(what)), el('p', {}, t(todo)), more ?? '');
}

/** Returns what a debug build needs, to be copied. */
function plainLines(url) {
  const { hostname } = new URL(url);
  return el('details', { className: 'inner' }, el('summary', {}, t('connect.plainLines')),
    line('connect.androidPlain', `<domain-config cleartextTrafficPermitted="true"><domain>${hostname}</domain></domain-config>`,
      t('connect.copyAndroidPlain'), 'res/xml/network_security_config.xml'),
    line('connect.iosPlain', '<key>NSAppTransportSecurity</key><dict><key>NSAllowsLocalNetworking</key><true/></dict>',
      t('connect.copyIosPlain'), 'Info.plist'));
}

/** Draws a QR code; light around it belongs to it. */
function code({ url, qr }) {
  const size = qr.length + 2 * QUIET_ZONE;
  const dark = qr.flatMap((row, y) => [...row].map((one, x) => (one === '1' ? `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z` : '')));
  return svg('svg', { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': t('connect.code', { url }) },
    svg('rect', { class: 'light', width: size, height: size }),
    svg('path', { class: 'dark', d: dark.join('') }));
}
