// Starts the page: its language, then its parts.
import { startConnect } from './connect.js';
import { startDoctor } from './doctor.js';
import { byId } from './dom.js';
import { startLanguages } from './i18n.js';
import { startLiveCalls } from './livecalls.js';
import { startOverview } from './overview.js';
import { startSandbox } from './sandbox.js';
import { startState } from './state.js';
import { startTry } from './try.js';

const WIDE = '(min-width: 60rem)';

startLanguages();
startTry();
startDoctor();
startLiveCalls();
unfold();
for (const part of document.querySelectorAll('main, .languages, .tabs')) {
  part.hidden = false;
}
await Promise.all([startState(), startOverview(), startConnect()]);
await startSandbox();
byId('channel').dataset.ready = 'true';

/** Opens what is folded where there is room for it, and whatever a link leads to. */
function unfold() {
  for (const part of document.querySelectorAll('details[data-wide]')) {
    part.open = matchMedia(WIDE).matches;
  }
  for (const link of document.querySelectorAll('.tabs a')) {
    link.addEventListener('click', () => {
      const target = byId(link.hash.slice(1));
      if (target.tagName === 'DETAILS') {
        target.open = true;
      }
    });
  }
}
