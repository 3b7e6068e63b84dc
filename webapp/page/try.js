// The three questions that a phone asks, by a click each.
import { address, ask, curl } from './api.js';
import { appsOnFailure, appsOnLimit } from './apps.js';
import { CallClock, everyTick, face, show } from './callclock.js';
import { copyButton } from './copy.js';
import { examineAnswer } from './doctor.js';
import { byId, el, fact } from './dom.js';
import { advice } from './errors.js';
import { onLanguage, t } from './i18n.js';
import { refreshOverview } from './overview.js';
import { hasSandbox, join, refreshSandbox } from './sandbox.js';
import { refreshState, serverNow } from './state.js';
import { duration, local, utc } from './time.js';

const SAY_ASKING_AFTER_MILLIS = 250;
const NO_CALL = 404;
const RECHECK_MILLIS = 10000;
const RECHECK_AT_LIMIT_MILLIS = 1000;
const LINKED = 'channel';
const ROOM_FOR_ALL = '(min-width: 60rem)';

/** The question whose answer is shown: its channel, what came, and the running call if it tells of one. */
let shown;
let asked = 0;

/** Makes the buttons ask. */
export function startTry() {
  for (const button of document.querySelectorAll('[data-ask]')) {
    button.addEventListener('click', () => question(button.dataset.ask));
  }
  byId('try').addEventListener('submit', (event) => {
    event.preventDefault();
    question('token');
  });
  byId('channel').addEventListener('input', renderNext);
  addEventListener('hashchange', followLink);
  onLanguage(renderCopies);
  onLanguage(render);
  everyTick(tick);
  followLink();
  renderCopies();
  render();
}

function renderCopies() {
  byId('channel-copies').replaceChildren(
    copyButton(() => byId('channel').value, t('try.copyChannel')),
    copyButton(link, t('try.copyLink'), t('try.link')));
}

/** Takes over the channel that a link carries. */
function followLink() {
  const channel = new URLSearchParams(location.hash.slice(1)).get(LINKED);
  if (channel !== null) {
    byId('channel').value = channel;
    byId('channel').dispatchEvent(new Event('input'));
  }
}

/** Returns a link to this page that carries the channel. */
function link() {
  return new URL(`#${new URLSearchParams({ [LINKED]: byId('channel').value })}`, document.baseURI).href;
}

async function question(name) {
  const channel = byId('channel').value;
  const number = ++asked;
  for (const button of document.querySelectorAll('[data-ask]')) {
    button.setAttribute('aria-current', String(button.dataset.ask === name));
  }
  const waiting = setTimeout(() => {
    byId('answer').replaceChildren(el('p', {}, t('try.asking')));
  }, SAY_ASKING_AFTER_MILLIS);
  byId('answer').setAttribute('aria-busy', 'true');
  const result = await ask(address(name, channel));
  clearTimeout(waiting);
  await Promise.all([refreshState(), refreshSandbox(), refreshOverview()]);
  if (number !== asked) {
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
    refreshOverview();
    render();
  }
}

function render() {
  if (!shown) {
    byId('answer').replaceChildren(el('p', { className: 'waiting' }, t('try.waiting')));
    renderNext();
    return;
  }
  const path = address(shown.name, shown.channel);
  const line = el('code', { id: 'curl' }, curl(path));
  byId('answer').replaceChildren(
    ...(shown.endedBy ? ended() : shown.result.ok ? answered() : failed()),
    el('div', { className: 'curl', role: 'group', 'aria-label': t('try.curl') }, line, copyButton(line, t('try.copyCurl'))),
    raw());
  renderNext();
  if (shown.call) {
    show(shown.call);
  }
}

/** Fills the one button that is the next step: get a token, join, ask when the call began. */
function renderNext() {
  const next = byId(nextStep()) ?? byId('ask-token');
  for (const button of document.querySelectorAll('#try .main, #answer .main')) {
    button.classList.toggle('main', button === next);
  }
  next.classList.add('main');
}

function nextStep() {
  if (!shown || shown.endedBy || shown.channel !== byId('channel').value) {
    return 'ask-token';
  }
  if (!shown.result.ok) {
    return shown.result.status === NO_CALL ? 'ask-token' : `ask-${shown.name}`;
  }
  switch (shown.name) {
    case 'token': return shown.joined ? 'ask-start' : hasSandbox() ? 'join-as' : 'ask-users';
    case 'users': return count(shown.result.json.data) > 0 ? 'ask-start' : 'ask-token';
    default: return 'ask-token';
  }
}

function raw() {
  const { text, json } = shown.result;
  if (!text) {
    return '';
  }
  const whole = el('pre', { tabIndex: 0 }, json ? JSON.stringify(json, null, 2) : text);
  return el('details', {}, el('summary', {}, t('try.raw')), whole, el('p', { className: 'buttons' }, copyButton(whole, t('try.copyRaw'))));
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
    appsOnFailure(shown.name, status),
  ];
}

function ended() {
  const byLimit = shown.endedBy === 'limit';
  return [
    el('p', { className: 'outcome', id: 'outcome' },
      el('span', { className: 'pill', id: 'status', 'data-level': 'warn' }, String(shown.result.status)),
      el('span', {}, t(byLimit ? 'answer.ended' : 'answer.over', { channel: shown.channel }))),
    ...(byLimit ? [el('div', { className: 'advice' }, el('p', {}, t('answer.endedDo'))), appsOnLimit()] : []),
  ];
}

function answered() {
  return { token, users, start }[shown.name](shown.result.json.data);
}

function token(data) {
  return [
    outcome(t('answer.token', { user: data.userid, channel: shown.channel }), 'good'),
    el('div', { className: 'actions' }, joinButton(data.userid), checkButton()),
    el('dl', { className: 'facts' },
      fact('userid', data.userid, { mono: true }),
      fact('timestamp', String(data.timestamp), {
        mono: true,
        more: `${t('answer.expires')}: ${t('answer.inTime', { time: duration(data.timestamp * 1000 - serverNow()) })} · ${local(data.timestamp * 1000)}`,
      })),
    el('p', { className: 'buttons' },
      copyButton(() => data.token, t('try.copyToken'), t('try.copyToken')),
      copyButton(() => data.joinToken, t('try.copyJoinToken'), t('try.copyJoinToken'))),
    el('details', { open: matchMedia(ROOM_FOR_ALL).matches },
      el('summary', {}, t('try.allFields')),
      el('dl', { className: 'facts' },
        fact('appid', data.appid, { mono: true }),
        fact('nonce', data.nonce, { mono: true }),
        fact('token', data.token, { mono: true }),
        fact('gslb', data.gslb.join(' '), { mono: true }),
        fact('joinToken', data.joinToken, { mono: true, id: 'join-token' }))),
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
  const button = el('button', { type: 'button', id: 'join-as' }, t('try.joinAs', { user }));
  button.addEventListener('click', async () => {
    about.joined = await join(about.channel, user);
    if (about === shown) {
      render();
      byId('ask-start').focus();
    }
  });
  return button;
}

function checkButton() {
  const { result, channel } = shown;
  const button = el('button', { type: 'button', id: 'check-token' }, t('try.checkToken'));
  button.addEventListener('click', () => examineAnswer(result.json, channel));
  return button;
}

function users(data) {
  const n = count(data);
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

function count({ commTotalNum, interactiveUserNum, liveUserNum }) {
  return commTotalNum + interactiveUserNum + liveUserNum;
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
