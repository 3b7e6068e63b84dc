// Starts the page: its language, then its parts.
import { startDoctor } from './doctor.js';
import { byId } from './dom.js';
import { startLanguages } from './i18n.js';
import { startSandbox } from './sandbox.js';
import { startState } from './state.js';
import { startTry } from './try.js';

startLanguages();
startTry();
startDoctor();
for (const part of document.querySelectorAll('main, .languages')) {
  part.hidden = false;
}
await startState();
await startSandbox();
byId('channel').dataset.ready = 'true';
