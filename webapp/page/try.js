// The three questions that a phone asks, by a click each.
import { address, ask, curl } from './api.js';
import { CallClock, everyTick, face, show } from './callclock.js';
import { copyButton } from './copy.js';
import { examineAnswer } from './doctor.js';
import { byId, el, fact } from './dom.js';
import { advice } from './errors.js';
import { onLanguage, t } from './i18n.js';
import { hasSandbox, join, refreshSandbox } from './sandbox.js';
import { refreshState, serverNow } from './state.js';
import { duration, local, utc } from './time.js';

const SAY_ASKING_AFTER_MILLIS = 250;
const RECHECK_MILLIS = 10000;
const RECHECK_AT_LIMIT_MILLIS = 1000;

/** The question whose answer is shown: its channel, what came, and the running call if it tells of one. */
let shown;
let count = 0;

/** Makes the buttons ask. */
export function startTry() {
  for (const button of document.querySelectorAll('[data-ask]')) {
    button.addEventListener('click', () => question(button.dataset.ask));
  }
  byId('try').addEventListener('submit', (event) => {
    event.preventDefault();
    question('token');
  });
  onLanguage(render);
  everyTick(tick);
}

async function question(name) {
  const channel = byId('channel').value;
  const number = ++count;
  for (const button of document.querySelectorAll('[data-ask]')) {
    button.setAttribute('aria-current', String(button.dataset.ask === name));
  }
  const waiting = setTimeout(() => {
    byId('answer').replaceChildren(el('p', {}, t('try.asking')));
  }, SAY_ASKING_AFTER_MILLIS);
  byId('answer').setAttribute('aria-busy', 'true');
  const result = await ask(address(name, channel));
  clearTimeout(waiting);
  await Promise.all([refreshState(), refreshSandbox()]);
  if (number !== count) {
    return;
  }
  shown = { name, channel, result };
  if (name === 'start' && result.ok) {
    shown.call = new CallClock(result.json.data, result.at);
    shown.checkedAt = performance.now();
  }
  byId('answer').removeAttribute('aria-busy');
  render();
}

function tick() {
  if (!shown?.call) {
    return;
  }
  show(shown.call);
  const pause = shown.call.isAtLimit ? RECHECK_AT_LIMIT_MILLIS : RECHECK_MILLIS;
  if (!shown.checking && !document.hidden && performance.now() - shown.checkedAt > pause) {
    recheck(shown);
  }
}

/** Asks again for the call that is shown: it may have ended, or another may have begun. */
async function recheck(about) {
  about.checking = true;
  const result = await ask(address('start', about.channel));
  about.checking = false;
  about.checkedAt = performance.now();
  if (about !== shown) {
    return;
  }
  if (result.ok && result.json.data.channelStartTimeTs === about.call.startedAt) {
    about.call.tell(result.json.data, result.at);
  } else if (result.ok) {
    shown = { ...about, result, call: new CallClock(result.json.data, result.at) };
    render();
  } else if (result.status === 404) {
    shown = { ...about, result, call: undefined, endedBy: about.call.isAtLimit ? 'limit' : 'people' };
    refreshState();
    refreshSandbox();
    render();
  }
}

function render() {
  if (!shown) {
    return;
  }
  const path = address(shown.name, shown.channel);
  const line = el('code', { id: 'curl' }, curl(path));
  byId('answer').replaceChildren(
    ...(shown.endedBy ? ended() : shown.result.ok ? answered() : failed()),
    el('div', { className: 'curl', role: 'group', 'aria-label': t('try.curl') }, line, copyButton(line, t('try.copyCurl'))),
    raw());
  if (shown.call) {
    show(shown.call);
  }
}

function raw() {
  const { text, json } = shown.result;
  return text
    ? el('details', {}, el('summary', {}, t('try.raw')), el('pre', {}, json ? JSON.stringify(json, null, 2) : text))
    : '';
}

function outcome(text, level) {
  const { status, millis, json } = shown.result;
  return el('p', { className: 'outcome', id: 'outcome' },
    status > 0 ? el('span', { className: 'pill', id: 'status', 'data-level': level }, String(status)) : '',
    el('span', {}, text),
    el('span', { className: 'aside', id: 'took' }, t('try.took', { n: millis })),
    level !== 'good' && json?.requestId ? el('span', { className: 'aside' }, t('try.request', { id: json.requestId })) : '');
}

function failed() {
  const { what, todo, fault } = advice(shown.result);
  const { status, json } = shown.result;
  const level = status >= 500 || status === 0 ? 'bad' : 'warn';
  return [
    outcome(what, level),
    el('div', { className: 'advice', id: 'advice', 'data-level': level },
      fault ? el('p', { className: 'what', id: 'fault-hint' }, fault) : '',
      el('p', {}, todo)),
    json?.message ? el('p', { className: 'note', lang: 'en' }, json.message) : '',
  ];
}

function ended() {
  const byLimit = shown.endedBy === 'limit';
  return [
    el('p', { className: 'outcome', id: 'outcome' },
      el('span', { className: 'pill', id: 'status', 'data-level': 'warn' }, String(shown.result.status)),
      el('span', {}, t(byLimit ? 'answer.ended' : 'answer.over', { channel: shown.channel }))),
    byLimit ? el('div', { className: 'advice' }, el('p', {}, t('answer.endedDo'))) : '',
  ];
}

function answered() {
  return { token, users, start }[shown.name](shown.result.json.data);
}

function token(data) {
  return [
    outcome(t('answer.token', { user: data.userid, channel: shown.channel }), 'good'),
    el('dl', { className: 'facts' },
      fact('userid', data.userid, { mono: true }),
      fact('appid', data.appid, { mono: true }),
      fact('timestamp', String(data.timestamp), {
        mono: true,
        more: `${t('answer.expires')}: ${t('answer.inTime', { time: duration(data.timestamp * 1000 - serverNow()) })} · ${local(data.timestamp * 1000)}`,
      }),
      fact('nonce', data.nonce, { mono: true }),
      fact('token', data.token, { mono: true }),
      fact('gslb', data.gslb.join(' '), { mono: true }),
      fact('joinToken', data.joinToken, { mono: true, id: 'join-token' })),
    el('div', { className: 'actions' }, joinButton(data.userid), checkButton()),
  ];
}

function joinButton(user) {
  if (!hasSandbox()) {
    return '';
  }
  const about = shown;
  if (about.joined) {
    return el('p', { id: 'joined' }, t('try.joined', { user, channel: about.channel }));
  }
  const button = el('button', { type: 'button', className: 'quiet', id: 'join-as' }, t('try.joinAs', { user }));
  button.addEventListener('click', async () => {
    about.joined = await join(about.channel, user);
    if (about === shown) {
      render();
      byId('check-token').focus();
    }
  });
  return button;
}

function checkButton() {
  const { result, channel } = shown;
  const button = el('button', { type: 'button', className: 'quiet', id: 'check-token' }, t('try.checkToken'));
  button.addEventListener('click', () => examineAnswer(result.json, channel));
  return button;
}

function users(data) {
  const n = data.commTotalNum + data.interactiveUserNum + data.liveUserNum;
  const { channel } = shown;
  const profile = [0, 1, 2].includes(data.channelProfile) ? t(`answer.profile${data.channelProfile}`) : String(data.channelProfile);
  return [
    outcome(n > 0 ? t('answer.people', { n, channel }) : t('answer.nobody', { channel }), 'good'),
    el('dl', { className: 'facts' },
      people(t('answer.users'), data.userList),
      people(t('answer.speakers'), data.interactiveUserList),
      people(t('answer.listeners'), data.liveUserList),
      fact(t('answer.profile'), profile, { more: n === 0 && data.isChannelExist ? t('answer.lingers') : '' }),
      fact(t('answer.at'), utc(data.timestamp * 1000))),
  ];
}

function people(name, list) {
  return list.length === 0
    ? ''
    : fact(name, el('ul', { className: 'people' }, list.map((user) => el('li', { className: 'chip' }, user))));
}

function start(data) {
  return [
    outcome(t('answer.call', { channel: shown.channel }), 'good'),
    ...face(shown.call),
    el('dl', { className: 'facts' },
      fact(t('answer.began'), utc(data.channelStartTimeTs), { more: local(data.channelStartTimeTs) }),
      data.channelEndTimeTs ? fact(t('answer.ends'), utc(data.channelEndTimeTs), { more: local(data.channelEndTimeTs) }) : ''),
  ];
}
