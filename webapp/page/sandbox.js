// People and faults of the sandbox, which is there under mvn jetty:run alone.
import { ask } from './api.js';
import { byId, el } from './dom.js';
import { has, onLanguage, t } from './i18n.js';
import { makeJwtsBy } from './jwt.js';
import { refreshOverview } from './overview.js';
import { sandboxError } from './sandboxerrors.js';
import { refreshState, state } from './state.js';
import { refreshWebhooks, startWebhooks } from './webhooks.js';

const EVERY_MILLIS = 4000;

let kinds = [];
let eventKinds = [];
let known = { actions: [], channels: {}, eventFaults: {}, faults: [], limits: [], subscriptions: [] };
let shown = '';
let problem = () => '';

/** Returns whether there is a sandbox to be told things. */
export function hasSandbox() {
  return kinds.length > 0;
}

/** Returns what keeps requests from being answered, in words. */
export function activeFaults() {
  return [...known.faults.map(words), ...known.limits.map(limitWords)];
}

/** Lets a user join a channel; returns whether the sandbox did so. */
export function join(channel, user) {
  return command('PUT', `channels/${encodeURIComponent(channel)}/users/${encodeURIComponent(user)}`);
}

/** Asks the sandbox who is in, and which faults are on. */
export async function refreshSandbox() {
  if (hasSandbox()) {
    take(await ask('sandbox/'));
  }
}

/** Shows the sandbox, if the server talks to one and it can be told things here. */
export async function startSandbox() {
  if (!state()?.sandbox) {
    return;
  }
  kinds = (await ask('sandbox/faults')).json ?? [];
  eventKinds = (await ask('sandbox/eventfaults')).json ?? [];
  if (!hasSandbox()) {
    return;
  }
  byId('join').addEventListener('submit', (event) => {
    event.preventDefault();
    join(byId('join-channel').value, byId('join-user').value);
  });
  byId('fault').addEventListener('submit', (event) => {
    event.preventDefault();
    switchOn();
  });
  byId('event-fault').addEventListener('submit', (event) => {
    event.preventDefault();
    switchEventFaultOn();
  });
  byId('limit').addEventListener('submit', (event) => {
    event.preventDefault();
    setLimit();
  });
  byId('fault-kind').addEventListener('change', renderAmount);
  byId('event-kind').addEventListener('change', renderAmount);
  byId('forget').addEventListener('click', () => command('DELETE', ''));
  byId('channel').addEventListener('input', followChannel);
  followChannel();
  // First, for the names of the actions.
  await refreshSandbox();
  onLanguage(renderAll);
  renderAll();
  byId('sandbox').hidden = false;
  byId('nav-sandbox').hidden = false;
  makeJwtsBy(makeJwt);
  await startWebhooks();
  setInterval(() => document.hidden || refreshAll(), EVERY_MILLIS);
}

async function refreshAll() {
  await Promise.all([refreshSandbox(), refreshWebhooks()]);
}

function followChannel() {
  byId('join-channel').value = byId('channel').value;
}

async function command(method, path) {
  const result = await ask(`sandbox/${path}`, { method });
  problem = () => (result.ok ? '' : sandboxError(result.json?.message));
  take(result);
  refreshState();
  refreshOverview();
  return result.ok;
}

/** Has a JWT made for a user; throws an error that says why there is none. */
async function makeJwt(user) {
  const { json } = await ask(`sandbox/jwt?${new URLSearchParams({ sub: user })}`);
  if (!json?.jwt) {
    throw new Error(sandboxError(json?.message));
  }
  return json.jwt;
}

function take(result) {
  if (result.ok && result.json?.channels) {
    known = result.json;
  }
  render();
}

function switchOn() {
  const query = new URLSearchParams({ kind: byId('fault-kind').value });
  const parameter = chosen()?.parameter;
  if (parameter) {
    query.set(parameter, byId('fault-amount').value.trim());
  }
  if (byId('fault-action').value && !byId('fault-action-field').hidden) {
    query.set('action', byId('fault-action').value);
  }
  return command('PUT', `fault?${query}`);
}

function switchEventFaultOn() {
  const kind = byId('event-kind').value;
  const query = new URLSearchParams({ [kind]: byId('event-percent').value.trim() });
  if (kind === 'delay') {
    query.set('millis', byId('event-millis').value.trim());
  }
  return command('PUT', `eventfault?${query}`);
}

function setLimit() {
  const query = new URLSearchParams({ perSecond: byId('limit-amount').value.trim() });
  if (byId('limit-action').value) {
    query.set('action', byId('limit-action').value);
  }
  return command('PUT', `limit?${query}`);
}

function chosen() {
  return kinds.find(({ kind }) => kind === byId('fault-kind').value);
}

function words(fault) {
  const parts = [kindWords('fault', fault.kind)];
  for (const unit of ['millis', 'seconds']) {
    if (unit in fault) {
      parts.push(t('colon', { name: t(`sandbox.${unit}`), value: fault[unit] }));
    }
  }
  return [...parts, fault.action ?? []].flat().join(' · ');
}

function limitWords({ perSecond, action }) {
  return [t('sandbox.limited', { n: perSecond }), action ?? []].flat().join(' · ');
}

function eventFaultWords() {
  return eventKinds.filter(({ kind }) => kind in known.eventFaults).map(({ kind }) => {
    const name = t('sandbox.ofHundred', { name: kindWords('event', kind), n: known.eventFaults[kind] });
    return kind === 'delay' ? `${name} · ${t('sandbox.upTo', { n: known.eventFaults.millis })}` : name;
  });
}

function kindWords(prefix, kind, meaning) {
  const key = `${prefix}.${kind}`;
  return has(key) ? t(key) : [kind, meaning ?? []].flat().join(': ');
}

function renderAll() {
  offer('fault-kind', kinds.map(({ kind, meaning }) => [kind, kindWords('fault', kind, meaning)]), 'forbidden');
  offer('event-kind', eventKinds.map(({ kind, meaning }) => [kind, kindWords('event', kind, meaning)]), 'lose');
  const actions = [['', t('sandbox.allActions')], ...known.actions.map((name) => [name, name])];
  offer('fault-action', actions, '');
  offer('limit-action', actions, '');
  renderAmount();
  shown = '';
  render();
}

/** Fills a list of choices, and keeps the one that was chosen. */
function offer(id, choices, first) {
  const chosen = byId(id).value || first;
  byId(id).replaceChildren(...choices.map(([value, text]) => el('option', { value }, text)));
  byId(id).value = chosen;
}

function renderAmount() {
  const parameter = chosen()?.parameter;
  byId('fault-amount-field').hidden = !parameter;
  if (parameter) {
    byId('fault-amount-label').textContent = t(`sandbox.${parameter}`);
    byId('fault-amount').value ||= parameter === 'millis' ? '2000' : '600';
  } else {
    byId('fault-amount').value = '';
  }
  // A connection that is refused names no action.
  byId('fault-action-field').hidden = byId('fault-kind').value === 'refuse';
  byId('event-millis-field').hidden = byId('event-kind').value !== 'delay';
}

function render() {
  byId('sandbox-problem').textContent = problem();
  byId('sandbox-problem').hidden = !problem();
  const now = JSON.stringify(
    [known.channels, known.faults, known.eventFaults, known.limits, known.subscriptions.length]);
  if (now === shown) {
    return;
  }
  shown = now;
  const channels = Object.entries(known.channels);
  fill('rooms', 'join-button',
    channels.length > 0 ? channels.map(room) : [el('p', { className: 'empty' }, t('sandbox.nobody'))]);
  fill('faults', 'fault-on', switched(known.faults.map(words), 'sandbox.noFaults', 'fault'));
  fill('event-faults', 'event-on', switched(eventFaultWords(), 'sandbox.noEventFaults', 'eventfault'));
  fill('limits', 'limit-on', switched(known.limits.map(limitWords), 'sandbox.noLimit', 'limit'));
  byId('subscriptions').textContent = t('sandbox.subscribed', { n: known.subscriptions.length });
}

/** Shows parts anew. The button that was pressed may be gone: its neighbour takes the keyboard over. */
function fill(id, fallback, parts) {
  const whole = byId(id);
  const focused = whole.contains(document.activeElement);
  whole.replaceChildren(...parts);
  if (focused && !whole.contains(document.activeElement)) {
    (whole.querySelector('button') ?? byId(fallback)).focus();
  }
}

function room([channel, users]) {
  const path = `channels/${encodeURIComponent(channel)}`;
  return el('div', { className: 'room', 'data-channel': channel },
    el('strong', {}, channel),
    button(t('sandbox.allLeave'), t('sandbox.allLeaveChannel', { channel }), () => command('DELETE', path)),
    el('ul', { className: 'people' }, users.map(({ user }) =>
      el('li', { className: 'chip with-button', 'data-user': user }, user,
        button(t('sandbox.leave'), t('sandbox.leaveUser', { user, channel }),
          () => command('DELETE', `${path}/users/${encodeURIComponent(user)}`))))));
}

/** Returns what is switched on, with a button that ends all of it. */
function switched(active, none, path) {
  if (active.length === 0) {
    return [el('span', { className: 'none' }, t(none))];
  }
  return [
    ...active.map((text) => el('span', { className: 'pill', 'data-level': 'warn' }, text)),
    button(t('sandbox.offAll'), undefined, () => command('DELETE', path)),
  ];
}

function button(text, label, pressed) {
  const made = el('button', { type: 'button', className: 'quiet', 'aria-label': label }, text);
  made.addEventListener('click', pressed);
  return made;
}
