// What the sandbox refuses, in the page's language. It says it in English, as to developers who use it by curl.
import { t } from './i18n.js';

const NAMES = /^(channel|user|sub)\b.* must be 1-64 of/;
const KNOWN = [
  [NAMES, 'refused.name'],
  [/must be a whole number of at most 9 digits$/, 'refused.number'],
  [/must be 0 to 100 percent$/, 'refused.percent'],
  [/^millis must be 1 to (?<most>[0-9]+)$/, 'refused.millis'],
  [/^perSecond must be 0 to (?<most>[0-9]+)$/, 'refused.perSecond'],
  [/takes at most (?<most>[0-9]+) seconds$/, 'refused.seconds'],
  [/^slow takes no negative millis$/, 'refused.negative'],
  [/^User (?<user>\S+) is not in channel (?<channel>\S+)$/, 'refused.notIn'],
  [/^No channel (?<channel>\S+)$/, 'refused.noChannel'],
  [/auth\.jwt\.secret/, 'refused.noSecret'],
  [/^No such path/, 'refused.path'],
];

/** Returns why the sandbox refused a command; what it said, if that is none of what is known. */
export function sandboxError(message) {
  if (!message) {
    return t('sandbox.gone');
  }
  for (const [form, key] of KNOWN) {
    const found = form.exec(message);
    if (found) {
      return t(key, found.groups ?? {});
    }
  }
  return message;
}
