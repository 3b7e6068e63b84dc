// The JWT to ask with, where the server wants one. It is kept in its field alone, and goes when the page goes.
import { byId } from './dom.js';

/** Shows the field, or takes it away with what is in it. */
export function wantJwt(wanted) {
  byId('jwt-field').hidden = !wanted;
  if (!wanted) {
    byId('jwt').value = '';
  }
}

/** Lets JWTs be made, where something here makes them: it returns one for a user, or throws an error that says why not. */
export function makeJwtsBy(maker) {
  byId('jwt-maker').hidden = false;
  byId('jwt-make').addEventListener('click', async () => {
    const problem = byId('jwt-problem');
    try {
      byId('jwt').value = await maker(byId('jwt-user').value);
      problem.textContent = '';
    } catch (failure) {
      problem.textContent = failure.message;
    }
    problem.hidden = !problem.textContent;
  });
}

/** Returns the headers that prove who asks; none without a JWT. */
export function proof() {
  // What was copied with it, such as line ends, cannot be sent in a header.
  const jwt = byId('jwt').value.trim().replace(/^bearer\s+/i, '').replace(/[^!-~]/g, '');
  return jwt ? { Authorization: `Bearer ${jwt}` } : {};
}

/** Returns what a curl line needs beside: the name of a variable, since a JWT on the line ends up in histories. */
export function curlProof() {
  return byId('jwt').value.trim() ? ' -H "Authorization: Bearer $JWT"' : '';
}
