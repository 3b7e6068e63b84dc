// People and faults of the sandbox, which is there under mvn jetty:run alone.
import { ask } from './api.js';
import { byId, el } from './dom.js';
import { has, onLanguage, t } from './i18n.js';
import { refreshState, state } from './state.js';

const EVERY_MILLIS = 4000;
const ACTIONS = ['DescribeChannelUsers', 'DescribeUserInfoInChannel', 'DeleteChannel'];

let kinds = [];
let known = { channels: {}, faults: [] };
let shown = '';
let problem = '';

/** Returns whether there is a sandbox to be told things. */
export function hasSandbox() {
  return kinds.length > 0;
}

/** Returns the faults that are switched on, in words. */
export function activeFaults() {
  return known.faults.map(words);
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
  byId('fault-kind').addEventListener('change', renderAmount);
  byId('forget').addEventListener('click', () => command('DELETE', ''));
  byId('channel').addEventListener('input', followChannel);
  followChannel();
  onLanguage(renderAll);
  renderAll();
  byId('sandbox').hidden = false;
  setInterval(() => document.hidden || refreshSandbox(), EVERY_MILLIS);
  await refreshSandbox();
}

function followChannel() {
  byId('join-channel').value = byId('channel').value;
}

async function command(method, path) {
  const result = await ask(`sandbox/${path}`, { method });
  problem = result.ok ? '' : result.json?.message ?? t('sandbox.gone');
  take(result);
  refreshState();
  return result.ok;
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
  if (byId('fault-action').value) {
    query.set('action', byId('fault-action').value);
  }
  return command('PUT', `fault?${query}`);
}

function chosen() {
  return kinds.find(({ kind }) => kind === byId('fault-kind').value);
}

function words(fault) {
  const key = `fault.${fault.kind}`;
  const parts = [has(key) ? t(key) : fault.kind];
  for (const unit of ['millis', 'seconds']) {
    if (unit in fault) {
      parts.push(t('colon', { name: t(`sandbox.${unit}`), value: fault[unit] }));
    }
  }
  return [...parts, fault.action ?? []].flat().join(' · ');
}

function renderAll() {
  const kind = byId('fault-kind').value;
  byId('fault-kind').replaceChildren(...kinds.map((one) =>
    el('option', { value: one.kind }, has(`fault.${one.kind}`) ? t(`fault.${one.kind}`) : `${one.kind}: ${one.meaning}`)));
  byId('fault-kind').value = kind || 'forbidden';
  const action = byId('fault-action').value;
  byId('fault-action').replaceChildren(
    el('option', { value: '' }, t('sandbox.allActions')),
    ...ACTIONS.map((name) => el('option', { value: name }, name)));
  byId('fault-action').value = action;
  renderAmount();
  shown = '';
  render();
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
}

function render() {
  byId('sandbox-problem').textContent = problem;
  byId('sandbox-problem').hidden = !problem;
  const now = JSON.stringify([known.channels, known.faults]);
  if (now === shown) {
    return;
  }
  shown = now;
  const rooms = byId('rooms');
  const faults = byId('faults');
  const focused = [rooms, faults].find((part) => part.contains(document.activeElement));
  const channels = Object.entries(known.channels);
  rooms.replaceChildren(...(channels.length > 0 ? channels.map(room) : [el('p', { className: 'empty' }, t('sandbox.nobody'))]));
  faults.replaceChildren(...activeParts());
  // The button that was pressed may be gone: its neighbour takes the keyboard over.
  if (focused && !focused.contains(document.activeElement)) {
    (focused.querySelector('button') ?? byId(focused === rooms ? 'join-button' : 'fault-on')).focus();
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

function activeParts() {
  if (known.faults.length === 0) {
    return [el('span', { className: 'none' }, t('sandbox.noFaults'))];
  }
  return [
    ...known.faults.map((fault) => el('span', { className: 'pill', 'data-level': 'warn' }, words(fault))),
    button(t('sandbox.offAll'), undefined, () => command('DELETE', 'fault')),
  ];
}

function button(text, label, pressed) {
  const made = el('button', { type: 'button', className: 'quiet', 'aria-label': label }, text);
  made.addEventListener('click', pressed);
  return made;
}
