// A call's time, counted on from the server's last answer: this browser's clock may be wrong.
import { byId, el } from './dom.js';
import { t } from './i18n.js';
import { clock } from './time.js';

const TICK_MILLIS = 250;

/** A running call: what the server told of it, and when. */
export class CallClock {
  constructor(data, at) {
    this.tell(data, at);
  }

  /** Goes on from a later answer about the same call. */
  tell(data, at) {
    this.data = data;
    this.at = at;
  }

  get startedAt() {
    return this.data.channelStartTimeTs;
  }

  get elapsed() {
    return this.data.elapsedMillis + (performance.now() - this.at);
  }

  /** How much is left of the time limit; nothing if there is none. */
  get remaining() {
    return this.data.remainingMillis === undefined
      ? undefined
      : Math.max(0, this.data.remainingMillis - (performance.now() - this.at));
  }

  get isAtLimit() {
    return this.remaining === 0;
  }
}

/** Returns the elements that {@link show} keeps up to date. */
export function face(call) {
  const limited = call.remaining !== undefined;
  return [
    // A reader that is told of every change would never stop talking.
    el('dl', { className: 'clock', 'aria-live': 'off' },
      el('div', {}, el('dt', {}, t('answer.elapsed')), el('dd', {}, el('span', { id: 'elapsed', role: 'timer' }))),
      limited ? el('div', {}, el('dt', {}, t('answer.left')), el('dd', {}, el('span', { id: 'remaining', role: 'timer' }))) : ''),
    limited ? el('progress', { id: 'used', max: 1, value: 0, 'aria-label': t('answer.left') }) : '',
    limited ? el('p', { id: 'at-limit', className: 'note', hidden: true }, t('answer.ending')) : '',
  ];
}

/** Shows the time now. */
export function show(call) {
  byId('elapsed').textContent = clock(call.elapsed);
  if (call.remaining !== undefined) {
    // Rounded up, so that zero is shown when nothing is left, not a second before.
    byId('remaining').textContent = clock(Math.ceil(call.remaining / 1000) * 1000);
    byId('used').value = 1 - call.remaining / (call.data.channelEndTimeTs - call.startedAt);
    byId('at-limit').hidden = !call.isAtLimit;
  }
}

/** Has something done at every tick. */
export function everyTick(action) {
  setInterval(action, TICK_MILLIS);
}
