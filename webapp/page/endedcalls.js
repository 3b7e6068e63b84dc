// The table of calls that ended last, where calls are on record.
import { byId, el } from './dom.js';
import { t } from './i18n.js';
import { shortClock, timeOfDay } from './time.js';

const LEVEL = { left: 'good', lost: 'warn' };

/** Shows the calls; hides the table where none are on record. */
export function renderEnded(ended) {
  byId('ended').hidden = !ended;
  if (ended) {
    byId('ended-calls').hidden = ended.length === 0;
    byId('ended-none').hidden = ended.length > 0;
    byId('ended-rows').replaceChildren(...ended.map(row));
  }
}

function row({ callId, channelId, endTs, durationMillis, talkMillis, endReason }) {
  const reason = t(`end.${endReason}`);
  return el('tr', { 'data-call': callId },
    el('th', { scope: 'row', className: 'mono' }, el('span', {}, channelId), el('span', { className: 'inline-state' }, reason)),
    el('td', { className: 'number clockwork' }, shortClock(durationMillis)),
    el('td', { className: 'number clockwork' }, shortClock(talkMillis)),
    el('td', { className: 'when clockwork' }, timeOfDay(endTs)),
    el('td', { className: 'state' }, el('span', { className: 'pill', 'data-level': LEVEL[endReason] ?? 'idle' }, reason)));
}
