// Times and durations as people read them, in the page's language.
import { t, tag } from './i18n.js';

const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

/** Returns a duration in its largest unit, and the next one if that is not zero. */
export function duration(millis) {
  const seconds = Math.round(Math.abs(millis) / 1000);
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first < 0) {
    return t('time.second', { n: 0 });
  }
  const [unit, size] = UNITS[first];
  const parts = [t(`time.${unit}`, { n: Math.floor(seconds / size) })];
  const [nextUnit, nextSize] = UNITS[first + 1] ?? [];
  const rest = nextUnit ? Math.floor((seconds % size) / nextSize) : 0;
  if (rest > 0) {
    parts.push(t(`time.${nextUnit}`, { n: rest }));
  }
  return parts.join(' ');
}

/** Returns how long ago something was. */
export function ago(millis) {
  return millis < 1500 ? t('time.justNow') : t('time.ago', { time: duration(millis) });
}

/** Returns a duration as a clock shows it. */
export function clock(millis) {
  const seconds = Math.floor(Math.max(0, millis) / 1000);
  const two = (n) => String(n).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Returns the same without the hours while there are none. */
export function shortClock(millis) {
  return clock(millis).replace(/^00:/, '');
}

/** Returns a point in time in the browser's zone. */
export function local(millis) {
  const format = new Intl.DateTimeFormat(tag(), { dateStyle: 'medium', timeStyle: 'medium' });
  return t('answer.local', { time: format.format(new Date(millis)) });
}

/** Returns the time of day of a point in time, in the browser's zone. */
export function timeOfDay(millis) {
  return new Intl.DateTimeFormat(tag(), { timeStyle: 'medium' }).format(new Date(millis));
}

/** Returns a point in time in UTC. */
export function utc(millis) {
  return `${new Date(millis).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
