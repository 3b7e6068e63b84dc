// What went wrong with an answer, and what to do about it.
import { has, t } from './i18n.js';
import { activeFaults } from './sandbox.js';
import { state } from './state.js';

const NOT_BY_FAULTS = [0, 400, 401, 403, 429];

/** Returns the sentences for a failed answer: what it is, what to do, and which fault of the sandbox is on. */
export function advice(result) {
  const [what, todo] = sentences(result);
  const faults = NOT_BY_FAULTS.includes(result.status) ? [] : activeFaults();
  return {
    what,
    todo,
    fault: faults.length > 0 ? t('error.fault', { fault: faults.join(t('list')) }) : '',
  };
}

function sentences(result) {
  if (result.status === 0) {
    return [t('error.network'), t('error.networkDo')];
  }
  // The cause, where the server knows more than the status says.
  const key = [`error.${result.reason}`, `error.${result.status}`].find(has);
  if (!result.json?.code || !key) {
    return [t('error.foreign', { status: result.status }), t('error.foreignDo')];
  }
  return [t(key), t(`${key}Do`, { n: result.retryAfter ?? 1, endpoint: state()?.endpoint ?? '' })];
}
