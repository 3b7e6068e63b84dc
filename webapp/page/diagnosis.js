// Finds out what is wrong with a token from its fields alone; what needs the AppKey is asked elsewhere.
import { readTurn } from './tokenanswer.js';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const APP_ID = /^[A-Za-z0-9._-]{1,64}$/;
/** How tokens of RTC 3.0 begin, which are of another kind. */
const NEWER_TOKEN = /^000[A-Za-z0-9+/_-]{20,}=*$/;
const LONGEST_NAME = 64;
const EARLIEST_SECOND = 1e9;
const FIRST_MILLIS = 1e11;
const LONGEST_LIFE_SECONDS = 7 * 86400;

/**
 * Returns findings, each with an id, a level (bad, warn, note, good) and values for its text.
 *
 * @param parts appid, userid, nonce, timestamp and token as texts
 * @param pasted the fields as they were pasted, to tell a text from a number
 * @param use the channel and user that the token is used for
 * @param server its clock in ms, and the start of its AppId
 */
export function diagnose(parts, pasted, use, server) {
  const own = ownFields(parts, pasted);
  return [
    ...['appid', 'userid', 'nonce', 'timestamp', 'token']
      .filter((name) => name === 'nonce' ? isMissing(parts, pasted) : parts[name] === '')
      .map((field) => ({ id: 'missing', level: 'bad', values: { field } })),
    ...appId(parts.appid, server.appIdStart),
    ...name('channel', use.channel),
    ...name('user', use.user),
    ...(parts.userid === use.user ? [] : name('userid', parts.userid, true)),
    ...nonce(parts, pasted),
    ...timestamp(parts.timestamp, pasted, server.now),
    ...token(parts.token),
    ...mixedUp(own, use),
    ...turn(parts, pasted),
  ];
}

/** Returns the channel and user that the answer itself names, as far as it does. */
export function ownFields(parts, pasted) {
  return { channel: readTurn(pasted.turn).channel ?? pasted.channelid, user: parts.userid || undefined };
}

/** Returns what the server may be asked about, or nothing if a field is not of good form. */
export function claim(parts, channel, user) {
  const good = APP_ID.test(parts.appid) && NAME.test(channel ?? '') && channel !== '0' && NAME.test(user ?? '')
    && /^[A-Za-z0-9_-]{0,64}$/.test(parts.nonce) && /^[0-9]{1,10}$/.test(parts.timestamp) && Number(parts.timestamp) > 0
    && /^[0-9a-f]{64}$/.test(parts.token);
  return good
    ? { appid: parts.appid, channelId: channel, userid: user, nonce: parts.nonce, timestamp: Number(parts.timestamp), token: parts.token }
    : undefined;
}

function isMissing(parts, pasted) {
  return parts.nonce === '' && pasted.nonce !== '';
}

function appId(text, ourStart) {
  if (text === '') {
    return [];
  }
  if (!APP_ID.test(text)) {
    return [{ id: 'appIdForm', level: 'bad', values: { found: strange(text, /[A-Za-z0-9._-]/) } }];
  }
  return ourStart && !text.startsWith(ourStart)
    ? [{ id: 'otherApp', level: 'bad', values: { theirs: text, ours: ourStart } }]
    : [];
}

function name(field, text, isPart = false) {
  if (text === '') {
    return isPart ? [] : [{ id: 'missingUse', level: 'note', values: { field } }];
  }
  if (field === 'channel' && text === '0') {
    return [{ id: 'reserved', level: 'bad' }];
  }
  if (NAME.test(text)) {
    return [];
  }
  const found = strange(text, /[A-Za-z0-9_-]/);
  return found.length > 0
    ? [{ id: 'characters', level: 'bad', values: { field, found } }]
    : [{ id: 'tooLong', level: 'bad', values: { field, n: text.length, most: LONGEST_NAME } }];
}

function nonce(parts, pasted) {
  if (parts.nonce === '') {
    return isMissing(parts, pasted) ? [] : [{ id: 'nonceEmpty', level: 'warn' }];
  }
  return /^AK-[A-Za-z0-9]{1,61}$/.test(parts.nonce) ? [] : [{ id: 'nonceForm', level: 'bad' }];
}

function timestamp(text, pasted, now) {
  if (text === '') {
    return [];
  }
  const example = Math.floor(now / 1000) + 43200;
  if (!/^[0-9]{1,15}$/.test(text)) {
    return [{ id: 'timestampForm', level: 'bad', values: { found: text, example } }];
  }
  const findings = pasted.timestamp === text ? [{ id: 'timestampText', level: 'warn' }] : [];
  const seconds = Number(text);
  if (seconds >= FIRST_MILLIS) {
    return [...findings, { id: 'milliseconds', level: 'bad', values: { example: Math.floor(seconds / 1000) } }];
  }
  if (seconds < EARLIEST_SECOND) {
    return [...findings, { id: 'lifetime', level: 'bad', values: { found: text } }];
  }
  const left = seconds * 1000 - now;
  if (left <= 0) {
    return [...findings, { id: 'expired', level: 'bad', since: -left }];
  }
  return [...findings, left > LONGEST_LIFE_SECONDS * 1000
    ? { id: 'tooFar', level: 'warn', lasts: left }
    : { id: 'good', level: 'good', lasts: left }];
}

function token(text) {
  if (text === '' || /^[0-9a-f]{64}$/.test(text)) {
    return [];
  }
  if (/^[0-9A-Fa-f]{64}$/.test(text)) {
    return [{ id: 'tokenCase', level: 'bad' }];
  }
  return NEWER_TOKEN.test(text)
    ? [{ id: 'tokenNewer', level: 'bad' }]
    : [{ id: 'tokenForm', level: 'bad', values: { n: text.length } }];
}

function mixedUp(own, use) {
  const findings = [];
  if (own.channel && use.channel && own.channel !== use.channel) {
    findings.push({ id: 'otherChannel', level: 'bad', values: { theirs: own.channel, used: use.channel } });
  }
  if (own.user && use.user && own.user !== use.user) {
    findings.push({ id: 'otherUser', level: 'bad', values: { theirs: own.user, used: use.user } });
  }
  return findings;
}

function turn(parts, pasted) {
  const said = readTurn(pasted.turn);
  return ['appid', 'userid', 'nonce', 'timestamp', 'token']
    .filter((field) => said[field] !== undefined && parts[field] !== '' && String(said[field]) !== parts[field])
    .map((field) => ({ id: 'turnDiffers', level: 'bad', values: { field, theirs: said[field] } }));
}

/** Returns the first few different characters that are not allowed. */
function strange(text, allowed) {
  return [...new Set([...text].filter((sign) => !allowed.test(sign)))].slice(0, 3);
}
