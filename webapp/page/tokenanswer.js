// Reads what somebody pasted: an answer of /app/token, its data alone, or a base64 join string.

const FIELDS = ['appid', 'userid', 'nonce', 'timestamp', 'token', 'channelid', 'turn'];

/**
 * Returns what was pasted: `kind` is empty, unreadable, failed (an error's answer, with `code` and `message`) or token,
 * which has `fields` by their lower-case names.
 */
export function readAnswer(text) {
  const trimmed = text.trim();
  if (trimmed === '') {
    return { kind: 'empty' };
  }
  const json = object(trimmed.slice(Math.max(0, trimmed.indexOf('{')), trimmed.lastIndexOf('}') + 1)) ?? object(decoded(trimmed));
  if (!json) {
    return { kind: 'unreadable' };
  }
  if (json.result === 'false' || (json.code && json.code !== '200')) {
    return { kind: 'failed', code: String(json.code), message: String(json.message ?? '') };
  }
  const source = json.data && typeof json.data === 'object' ? json.data : json;
  const fields = {};
  for (const [key, value] of Object.entries(source)) {
    const name = key.toLowerCase();
    if (FIELDS.includes(name)) {
      fields[name] = value;
    }
  }
  return { kind: 'token', fields };
}

/** Returns what a turn user name says: user?appid=A&channel=C&nonce=N&timestamp=T. */
export function readTurn(turn) {
  const name = turn?.username;
  if (typeof name !== 'string' || !name.includes('?')) {
    return {};
  }
  const mark = name.indexOf('?');
  const rest = new URLSearchParams(name.slice(mark + 1));
  const said = { userid: name.slice(0, mark), token: turn.password };
  for (const key of ['appid', 'channel', 'nonce', 'timestamp']) {
    said[key] = rest.get(key) ?? undefined;
  }
  return said;
}

function object(text) {
  try {
    const json = JSON.parse(text);
    return json && typeof json === 'object' && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function decoded(text) {
  try {
    return atob(text.replace(/\s/g, ''));
  } catch {
    return '';
  }
}
