// Asks the server this page came from, whatever its context path is.
import { curlProof, proof } from './jwt.js';

const PATIENCE_MILLIS = 15000;
const PATHS = { token: 'app/token', users: 'app/descChannelUsers', start: 'app/descChannelStartTime' };

/** Returns the relative address of a question about a channel. */
export function address(question, channel) {
  // The few signs that encodeURIComponent leaves as they are mean something to a shell.
  const encoded = encodeURIComponent(channel).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${PATHS[question]}?channelId=${encoded}`;
}

/** Returns the line that asks the same in a terminal. */
export function curl(path) {
  return `curl "${new URL(path, document.baseURI)}"${curlProof()}`;
}

/**
 * Asks, and returns what came of it; never throws. `status` is 0 if nothing came, `json` is not there if it was no JSON,
 * `at` is when it came by performance.now().
 */
export async function ask(path, options = {}) {
  const startedAt = performance.now();
  try {
    const headers = { ...(path.startsWith('app/') ? proof() : {}), ...options.headers };
    const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MILLIS), ...options, headers });
    const text = await response.text();
    const at = performance.now();
    return {
      ok: response.ok,
      status: response.status,
      retryAfter: response.headers.get('Retry-After') ?? undefined,
      reason: response.headers.get('X-Error-Reason') ?? undefined,
      text,
      json: parsed(text),
      millis: Math.round(at - startedAt),
      at,
    };
  } catch {
    const at = performance.now();
    return { ok: false, status: 0, text: '', millis: Math.round(at - startedAt), at };
  }
}

/** Asks with a JSON body. */
export function post(path, body) {
  return ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
