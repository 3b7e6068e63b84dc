// What the sandbox's receiver of webhooks got, and how it fails.
import { ask } from './api.js';
import { byId, el } from './dom.js';
import { onLanguage, t } from './i18n.js';
import { timeOfDay } from './time.js';

const SHOWN = 20;
const STATUSES = [500, 503, 410, 0];

let known;

/** Shows what the receiver got, if there is one. */
export async function startWebhooks() {
  byId('webhook-fault').addEventListener('submit', (event) => {
    event.preventDefault();
    command('PUT', `webhookfault?${new URLSearchParams({ status: byId('webhook-status').value })}`);
  });
  await refreshWebhooks();
  byId('webhooks').hidden = !known;
  onLanguage(render);
}

/** Asks the receiver anew. */
export async function refreshWebhooks() {
  take(await ask('sandbox/webhooks'));
}

async function command(method, path) {
  take(await ask(`sandbox/${path}`, { method }));
}

function take(result) {
  if (result.ok && result.json?.received) {
    known = result.json;
    render();
  }
}

function render() {
  if (!known) {
    return;
  }
  const chosen = byId('webhook-status').value || String(STATUSES[0]);
  byId('webhook-status').replaceChildren(...STATUSES.map((status) => el('option', { value: String(status) }, said(status))));
  byId('webhook-status').value = chosen;
  byId('webhook-faults').replaceChildren(...fault());
  byId('webhooks-received').hidden = known.received.length === 0;
  byId('webhooks-none').hidden = known.received.length > 0;
  byId('webhooks-rows').replaceChildren(...known.received.slice(0, SHOWN).map(row));
}

function said(status) {
  return status === 0 ? t('webhooks.silent') : String(status);
}

function fault() {
  if (known.fault.status === undefined) {
    return [el('span', { className: 'none' }, t('webhooks.well'))];
  }
  const off = el('button', { type: 'button', className: 'quiet' }, t('sandbox.offAll'));
  off.addEventListener('click', () => command('DELETE', 'webhookfault'));
  return [el('span', { className: 'pill', 'data-level': 'warn' }, said(known.fault.status)), off];
}

function row({ at, id, verified, answered, body }) {
  const { type, data } = JSON.parse(body);
  const sign = t(verified ? 'webhooks.good' : 'webhooks.bad');
  return el('tr', { 'data-message': id },
    el('td', { className: 'when clockwork' }, timeOfDay(Date.parse(at))),
    el('th', { scope: 'row', className: 'mono' }, type),
    el('td', { className: 'mono' }, data.channel),
    el('td', { className: 'number' }, String(data.seq)),
    el('td', { className: 'state' },
      el('span', { className: 'pill', 'data-level': verified && answered < 300 && answered > 0 ? 'good' : 'warn' },
        t('webhooks.outcome', { sign, answer: said(answered) }))));
}
