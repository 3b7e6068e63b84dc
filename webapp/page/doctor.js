// Why is my token rejected: what was pasted, examined by its form here and by the AppKey on the server.
import { post } from './api.js';
import { claim, diagnose, ownFields } from './diagnosis.js';
import { byId, el } from './dom.js';
import { onLanguage, t } from './i18n.js';
import { refreshState, serverNow, state, TOLERANCE_MILLIS } from './state.js';
import { ago, duration } from './time.js';
import { readAnswer } from './tokenanswer.js';

const PARTS = ['appid', 'userid', 'nonce', 'timestamp', 'token'];
const ORDER = ['bad', 'warn', 'note', 'good'];

let findings;
let count = 0;

/** Makes the form work. */
export function startDoctor() {
  byId('paste').addEventListener('input', takeApart);
  byId('doctor').addEventListener('submit', (event) => {
    event.preventDefault();
    examine();
  });
  byId('doctor-clear').addEventListener('click', () => {
    byId('doctor').reset();
    findings = undefined;
    count++;
    render();
    byId('paste').focus();
  });
  onLanguage(render);
  render();
}

/** Examines an answer that was just got, as used for its own channel and user. */
export function examineAnswer(envelope, channel) {
  byId('paste').value = JSON.stringify(envelope, null, 2);
  byId('use-channel').value = channel;
  byId('use-user').value = envelope.data.userid;
  takeApart();
  byId('doctor-card').scrollIntoView();
  byId('examine').focus({ preventScroll: true });
  examine();
}

function takeApart() {
  const { fields = {} } = readAnswer(byId('paste').value);
  for (const name of PARTS) {
    byId(`part-${name}`).value = fields[name] === undefined || fields[name] === null ? '' : String(fields[name]);
  }
}

async function examine() {
  const number = ++count;
  const pasted = readAnswer(byId('paste').value);
  const parts = Object.fromEntries(PARTS.map((name) => [name, byId(`part-${name}`).value]));
  const use = { channel: byId('use-channel').value, user: byId('use-user').value };
  await refreshState();
  const found = await examined(pasted, parts, use);
  if (number === count) {
    findings = found.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
    render();
  }
}

async function examined(pasted, parts, use) {
  const noParts = PARTS.every((name) => parts[name] === '');
  if (pasted.kind === 'failed') {
    return [{ id: 'failedAnswer', level: 'bad', values: pasted }];
  }
  if (noParts && pasted.kind !== 'token') {
    return [pasted.kind === 'empty' ? { id: 'nothing', level: 'note' } : { id: 'unreadable', level: 'bad' }];
  }
  const fields = pasted.fields ?? {};
  const server = { now: serverNow(), appIdStart: state()?.appIdStart };
  const found = diagnose(parts, fields, use, server);
  return [...found, ...skew(), ...await byAppKey(parts, fields, use, found)];
}

function skew() {
  const millis = state()?.upstream.skewMillis ?? 0;
  return Math.abs(millis) > TOLERANCE_MILLIS ? [{ id: 'skew', level: 'warn', differs: millis }] : [];
}

/** Asks the server whether the token goes with the fields it is used with, and if not, with its own. */
async function byAppKey(parts, fields, use, found) {
  if (!state()?.tokenCheck) {
    return [{ id: 'checkOff', level: 'note' }];
  }
  const own = ownFields(parts, fields);
  const channel = use.channel || own.channel;
  const user = use.user || own.user;
  const asked = claim(parts, channel, user);
  if (!asked) {
    return [{ id: 'notChecked', level: 'note' }];
  }
  const verdict = await post('app/tokenCheck', asked);
  if (!verdict.json?.data) {
    return [{ id: 'checkFailed', level: 'note', values: { message: verdict.json?.message ?? '' } }];
  }
  const { sameApp, valid } = verdict.json.data;
  if (valid) {
    return [{ id: 'valid', level: 'good' }];
  }
  if (!sameApp) {
    return found.some(({ id }) => id === 'otherApp') ? [] : [{ id: 'otherAppExactly', level: 'bad', values: { theirs: parts.appid } }];
  }
  const ownClaim = claim(parts, own.channel, own.user);
  if (ownClaim && (own.channel !== channel || own.user !== user) && (await post('app/tokenCheck', ownClaim)).json?.data?.valid) {
    return [{ id: 'genuine', level: 'good', values: own }];
  }
  return [{ id: 'doesNotGo', level: 'bad' }];
}

function render() {
  byId('findings').replaceChildren(findings
    ? el('ul', {}, findings.map(item))
    : el('p', {}, t('doctor.waiting')));
}

function item(finding) {
  const values = { ...finding.values };
  if (['channel', 'user'].includes(values.field)) {
    values.field = t(`field.${values.field}`);
  }
  if (Array.isArray(values.found)) {
    values.found = values.found.map(signName).join(t('list'));
  }
  if (finding.since !== undefined) {
    values.ago = ago(finding.since);
  }
  values.time = duration(finding.lasts ?? finding.differs ?? 0);
  const key = finding.id === 'otherAppExactly' ? 'find.otherApp' : `find.${finding.id}`;
  return el('li', { className: 'finding', 'data-level': finding.level, 'data-finding': finding.id },
    el('p', { className: 'mark' }, t(`level.${finding.level}`)),
    el('p', { className: 'what' }, t(`find.${finding.id}`, values)),
    finding.id === 'good' || finding.id === 'notChecked' ? '' : el('p', { className: 'do' }, t(`${key}Do`, values)));
}

function signName(sign) {
  if (sign === ' ') {
    return t('found.blank');
  }
  return /[\p{C}\p{Z}]/u.test(sign) ? t('found.invisible') : `“${sign}”`;
}
