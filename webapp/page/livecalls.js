// The table of live calls. Rows stay the same elements as long as their calls go on, so that nothing jumps.
import { everyTick } from './callclock.js';
import { byId, el } from './dom.js';
import { onLanguage, t } from './i18n.js';
import { state } from './state.js';
import { shortClock } from './time.js';

const LEVEL = { known: 'good', ending: 'warn', change_pending: 'warn' };

const rows = new Map();
let known = { calls: [], samples: [] };
let at = 0;

/** Makes the filter work and the times run. */
export function startLiveCalls() {
  byId('calls-filter').addEventListener('input', renderCalls);
  onLanguage(renderCalls);
  everyTick(tick);
}

/** Takes in what the server told, and when. */
export function takeCalls(overview, when) {
  known = overview;
  at = when;
}

/** Shows the calls whose names hold what is typed. */
export function renderCalls() {
  const wanted = byId('calls-filter').value.trim().toLowerCase();
  const calls = known.calls.filter(({ channelId }) => channelId.toLowerCase().includes(wanted));
  const live = known.samples.at(-1)?.liveCalls ?? 0;
  for (const channel of rows.keys()) {
    if (!calls.some(({ channelId }) => channelId === channel)) {
      rows.delete(channel);
    }
  }
  place(calls.map(row));
  const none = calls.length === 0;
  byId('calls').hidden = none;
  byId('calls-none').hidden = !none;
  byId('calls-none').textContent = t(known.calls.length > 0 ? 'calls.noneOfThem' : 'calls.none');
  byId('calls-count').textContent = none ? '' : t('calls.count', { n: calls.length, all: Math.max(live, known.calls.length) });
  byId('calls-people').textContent = t(state()?.maxUsers ? 'calls.seats' : 'calls.people');
  tick();
}

/** Puts rows in their order, and touches none that is there already. */
function place(wanted) {
  const body = byId('calls-rows');
  for (const row of [...body.children]) {
    if (!wanted.includes(row)) {
      row.remove();
    }
  }
  wanted.forEach((row, i) => body.children[i] === row || body.insertBefore(row, body.children[i] ?? null));
}

function row(call) {
  const row = rows.get(call.channelId) ?? newRow(call.channelId);
  const limited = call.remainingMillis !== undefined;
  const said = t(`call.${call.state}`);
  row.call = call;
  row.pill.textContent = said;
  row.pill.dataset.level = LEVEL[call.state] ?? 'idle';
  row.inline.textContent = said;
  row.people.textContent = state()?.maxUsers
    ? t('calls.seatsOf', { n: call.seatsTaken, max: state().maxUsers })
    : String(call.people);
  row.bar.hidden = !limited;
  row.left.textContent = limited ? '' : t('state.noLimit');
  rows.set(call.channelId, row);
  return row.element;
}

function newRow(channel) {
  const made = {
    running: el('td', { className: 'number clockwork' }),
    bar: el('progress', { max: 1, value: 0, 'aria-label': t('calls.used', { channel }) }),
    left: el('span', { className: 'clockwork' }),
    people: el('td', { className: 'number' }),
    pill: el('span', { className: 'pill' }),
    inline: el('span', { className: 'inline-state' }),
  };
  made.element = el('tr', { 'data-channel': channel },
    el('th', { scope: 'row', className: 'mono' }, el('span', {}, channel), made.inline),
    made.running,
    el('td', { className: 'limit' }, el('div', { className: 'used' }, made.bar, made.left)),
    made.people,
    el('td', { className: 'state' }, made.pill));
  return made;
}

/** Counts on from the server's last answer. */
function tick() {
  const since = performance.now() - at;
  for (const { call, running, bar, left } of rows.values()) {
    running.textContent = shortClock(call.elapsedMillis + since);
    if (call.remainingMillis !== undefined) {
      const remaining = Math.max(0, call.remainingMillis - since);
      left.textContent = shortClock(Math.ceil(remaining / 1000) * 1000);
      bar.value = 1 - remaining / (call.elapsedMillis + call.remainingMillis || 1);
    }
  }
}
