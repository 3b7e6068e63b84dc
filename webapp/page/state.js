// How the server is set up, and whether the upstream answers.
import { ask } from './api.js';
import { byId, fact } from './dom.js';
import { onLanguage, t } from './i18n.js';
import { wantJwt } from './jwt.js';
import { ago, duration } from './time.js';

const EVERY_MILLIS = 15000;
const AGE_EVERY_MILLIS = 5000;

/** Clocks that differ by more than this spoil tokens. */
export const TOLERANCE_MILLIS = 2000;

let known;
let knownAt = 0;
let gone = false;

/** Returns the server's last answer, if it ever gave one. */
export function state() {
  return known;
}

/** Returns the server's clock now, or this browser's if the server never told it. */
export function serverNow() {
  return known ? known.serverTimeTs + (performance.now() - knownAt) : Date.now();
}

/** Asks anew. */
export async function refreshState() {
  const result = await ask('app/state');
  // A server that wants fewer requests is there.
  gone = !result.json?.data && result.status !== 429;
  if (result.json?.data) {
    known = result.json.data;
    knownAt = result.at;
    wantJwt(known.auth === 'jwt');
  }
  render();
}

/** Asks now and from time to time. */
export async function startState() {
  byId('state-again').addEventListener('click', refreshState);
  onLanguage(render);
  setInterval(() => document.hidden || refreshState(), EVERY_MILLIS);
  setInterval(render, AGE_EVERY_MILLIS);
  await refreshState();
}

function render() {
  const [level, text] = glance();
  const line = byId('glance');
  line.dataset.level = level;
  if (byId('glance-text').textContent !== text) {
    byId('glance-text').textContent = text;
  }
  byId('foot').textContent = known ? t('foot', { version: known.version }) : '';
  byId('state-list').replaceChildren(...(known ? facts() : []));
}

function glance() {
  if (gone || !known) {
    return gone ? ['bad', t('glance.gone')] : ['good', ''];
  }
  const { upstream, sandbox } = known;
  if (upstream.failure) {
    return ['warn', t('glance.failing', { why: t(`failure.${upstream.failure}`) })];
  }
  if (differs()) {
    return ['warn', t('glance.skew', { time: duration(upstream.skewMillis) })];
  }
  if (sandbox) {
    return ['good', t('glance.sandbox')];
  }
  return ['good', t(upstream.askedTs ? 'glance.cloud' : 'glance.unasked')];
}

function differs() {
  return Math.abs(known.upstream.skewMillis ?? 0) > TOLERANCE_MILLIS;
}

function facts() {
  const { upstream } = known;
  const limit = known.timeLimitMinutes;
  return [
    fact(t('state.upstream'), t(known.sandbox ? 'state.isSandbox' : 'state.isCloud'), { id: 'state-upstream' }),
    fact(t('state.product'), known.product),
    fact(t('state.endpoint'), known.endpoint, { mono: true }),
    last(upstream),
    fact(t('state.skew'), ...skew(upstream)),
    fact(t('state.appId'), `${known.appIdStart}…`, { mono: true, more: t('state.appIdMore') }),
    fact(t('state.seats'), known.maxUsers ? String(known.maxUsers) : t('state.noSeats'), { id: 'state-seats' }),
    fact(t('state.limit'), limit ? duration(limit * 60000) : t('state.noLimit'), { id: 'state-limit' }),
    fact(t('state.ttl'), duration(known.tokenTtlSeconds * 1000)),
    fact(t('state.auth'), t(known.auth === 'jwt' ? 'state.authJwt' : 'state.authNone'), { id: 'state-auth' }),
    fact(t('state.events'), ...events()),
    fact(t('state.check'), t(known.tokenCheck ? 'state.on' : 'state.off')),
    fact(t('state.version'), known.version),
  ];
}

function events() {
  const id = 'state-events';
  const level = { heard: 'good', silent: 'bad' }[known.events];
  return [t(`events.${known.events}`), known.events === 'silent' ? { id, level, more: t('events.silentMore') } : { id, level }];
}

function last(upstream) {
  const id = 'state-last';
  if (!upstream.askedTs) {
    return fact(t('state.last'), t('state.never'), { id });
  }
  const asked = ago(serverNow() - upstream.askedTs);
  if (!upstream.failure) {
    return fact(t('state.last'), t('state.answered', { ago: asked }), { id, level: 'good' });
  }
  const more = upstream.answeredTs
    ? t('state.lastGood', { ago: ago(serverNow() - upstream.answeredTs) })
    : t('state.neverGood');
  return fact(t('state.last'), t('state.failed', { ago: asked }), { id, level: 'bad', more });
}

function skew(upstream) {
  const id = 'state-skew';
  if (upstream.skewMillis === undefined) {
    return [t('state.unknown'), { id }];
  }
  if (Math.abs(upstream.skewMillis) < 1000) {
    return [t('state.noSkew'), { id, level: 'good' }];
  }
  const text = t(upstream.skewMillis > 0 ? 'state.ahead' : 'state.behind', { time: duration(upstream.skewMillis) });
  return [text, differs() ? { id, level: 'warn', more: t('state.setClock') } : { id }];
}
