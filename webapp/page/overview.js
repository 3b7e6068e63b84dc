// What goes on: six lines of the last quarter of an hour, and the live calls. Nothing is asked for while nobody looks.
import { ask } from './api.js';
import { byId, el } from './dom.js';
import { renderEnded } from './endedcalls.js';
import { onLanguage, t, tag } from './i18n.js';
import { renderCalls, takeCalls } from './livecalls.js';
import { Plot } from './plot.js';
import { timeOfDay } from './time.js';

const EVERY_MILLIS = 5000;
const FORBIDDEN = 403;
const MINUTE_MILLIS = 60000;
const SAMPLES_A_MINUTE = 4;
const CLOUD_LEVEL = { unasked: 'idle', well: 'good', failing: 'warn', throttled: 'throttled', spared: 'spared' };
const EVENTS_LEVEL = { off: 'idle', waiting: 'idle', heard: 'good', silent: 'spared' };

/** The tiles in their order: how a sample is told, and whether all servers share the number where they share calls. */
const TILES = [
  { id: 'calls', ofAll: true, point: number((samples, i) => samples[i].liveCalls) },
  { id: 'tokens', point: number((samples, i) => lastMinute(samples, i, 'tokens')) },
  { id: 'errors', point: number((samples, i) => lastMinute(samples, i, 'errors')) },
  { id: 'cloud', point: word('cloud', 'cloud', CLOUD_LEVEL) },
  { id: 'budget', point: percent((samples, i) => samples[i].budgetLeft) },
  { id: 'events', point: word('events', 'heard', EVENTS_LEVEL) },
];

let known;
let closed = false;

/** Asks now and from time to time. */
export async function startOverview() {
  for (const tile of TILES) {
    build(tile);
  }
  byId('tiles').replaceChildren(...TILES.map(({ element }) => element));
  onLanguage(render);
  setInterval(() => document.hidden || refreshOverview(), EVERY_MILLIS);
  await refreshOverview();
}

/** Asks anew, unless the server does not tell whoever is here. */
export async function refreshOverview() {
  if (closed) {
    return;
  }
  const result = await ask('app/overview');
  if (result.json?.data) {
    known = result.json.data;
    takeCalls(known, result.at);
  }
  closed = result.status === FORBIDDEN;
  render();
}

function build(tile) {
  tile.name = el('h3', { id: `tile-${tile.id}-name` });
  tile.value = el('p', { className: 'value', id: `tile-${tile.id}` });
  tile.aside = el('p', { className: 'aside' });
  tile.sentence = el('p', { className: 'unseen', id: `tile-${tile.id}-sentence` });
  tile.plot = new Plot((chosen) => {
    tile.chosen = chosen;
    renderAside(tile);
  });
  tile.plot.element.setAttribute('aria-labelledby', tile.name.id);
  tile.plot.element.setAttribute('aria-describedby', tile.sentence.id);
  tile.element = el('div', { className: 'tile' }, tile.name, tile.value, tile.plot.element, tile.aside, tile.sentence);
}

function render() {
  byId('overview-open').hidden = closed || !known;
  byId('overview-hint').textContent = closed ? t('overview.closed') : known?.shared ? t('overview.shared') : t('overview.hint');
  if (closed || !known) {
    return;
  }
  for (const tile of TILES) {
    draw(tile);
  }
  renderCalls();
  renderEnded(known.ended);
}

function draw(tile) {
  const { samples, sampleMillis, serverTimeTs } = known;
  const points = samples.map((sample, i) => ({
    ts: sample.ts,
    from: samples[i - 1]?.ts ?? sample.ts - sampleMillis,
    ...tile.point(samples, i),
  })).map((point) => ({ ...point, text: t('overview.point', { value: point.said, time: timeOfDay(point.ts) }) }));
  const marks = points
    .map(({ from, ts }, i) => ({ from, ts, level: samples[i].cloud }))
    .filter(({ level }) => level === 'spared' || level === 'throttled');
  tile.name.textContent = t(`tile.${tile.id}`);
  tile.value.textContent = points.at(-1).said;
  tile.value.dataset.level = points.at(-1).level ?? '';
  tile.sentence.textContent = sentence(tile, points);
  tile.plot.draw(points, points[0].level ? [] : marks, serverTimeTs);
  renderAside(tile);
}

function renderAside(tile) {
  if (known) {
    const scope = known.shared ? t(tile.ofAll ? 'overview.all' : 'overview.here') : '';
    tile.aside.textContent = tile.chosen?.text ?? scope;
  }
}

/** Says in a sentence what the line shows. */
function sentence({ id }, points) {
  const values = points.map(({ value }) => value);
  const said = (value) => points.find((point) => point.value === value).said;
  const now = { name: t(`tile.${id}`), value: points.at(-1).said };
  if (points.every((point) => point.said === now.value)) {
    return t('overview.saysSame', now);
  }
  return points[0].level
    ? t('overview.saysChanged', now)
    : t('overview.saysNumber', { ...now, least: said(Math.min(...values)), most: said(Math.max(...values)) });
}

function number(value) {
  return (samples, i) => ({ value: value(samples, i), said: value(samples, i).toLocaleString(tag()) });
}

function percent(value) {
  return (samples, i) => ({ value: value(samples, i), said: t('overview.percent', { n: Math.round(value(samples, i) * 100) }) });
}

function word(field, prefix, levels) {
  return (samples, i) => ({ said: t(`${prefix}.${samples[i][field]}`), level: levels[samples[i][field]] });
}

/** Returns how many there were in the minute that ended with a sample: the last one is short, and one more counts in part. */
function lastMinute(samples, i, field) {
  const sum = samples.slice(Math.max(0, i + 1 - SAMPLES_A_MINUTE), i + 1).reduce((all, sample) => all + sample[field], 0);
  const before = samples[i - SAMPLES_A_MINUTE];
  const share = before ? (MINUTE_MILLIS - (samples[i].ts - before.ts)) * SAMPLES_A_MINUTE / MINUTE_MILLIS : 0;
  return share > 0 ? sum + Math.round(before[field] * Math.min(1, share)) : sum;
}
