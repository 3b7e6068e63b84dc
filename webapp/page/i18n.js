// The language of the page: the browser's, or the one chosen here before.
import { WORDS } from './words.js';

const COLUMN = { en: 0, zh: 1 };
const TAG = { en: 'en', zh: 'zh-CN' };
const KEPT = 'language';
const WIDE = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]/;
const listeners = [];
let current = kept() ?? preferred();

function kept() {
  try {
    const language = localStorage.getItem(KEPT);
    return language in COLUMN ? language : undefined;
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
    return undefined;
  }
}

function preferred() {
  for (const tag of navigator.languages) {
    const language = tag.toLowerCase().split('-')[0];
    if (language in COLUMN) {
      return language;
    }
  }
  return 'en';
}

/**
 * Returns a text in the page's language, its {names} replaced by values. Chinese sets a blank between its own characters
 * and others alone, so that one beside a value stays only if the value is of others there.
 */
export function t(key, values = {}) {
  const text = WORDS[key]?.[COLUMN[current]] ?? key;
  return text.replace(/( ?)\{(\w+)\}( ?)/g, (all, before, name, after) => {
    if (!(name in values)) {
      return all;
    }
    const value = String(values[name]);
    return (WIDE.test(value.slice(0, 1)) ? '' : before) + value + (WIDE.test(value.slice(-1)) ? '' : after);
  });
}

/** Returns whether there is a text of that name. */
export function has(key) {
  return key in WORDS;
}

/** Returns the tag for the browser's own formats of numbers and dates. */
export function tag() {
  return TAG[current];
}

/** Has something said again whenever the language changes. */
export function onLanguage(listener) {
  listeners.push(listener);
}

/** Says all that the page says by itself, in the current language. */
export function translate() {
  document.documentElement.lang = TAG[current];
  for (const element of document.querySelectorAll('[data-t]')) {
    element.textContent = t(element.dataset.t);
  }
  for (const element of document.querySelectorAll('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  }
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === current));
  }
}

/** Makes the buttons switch the language. */
export function startLanguages() {
  for (const button of document.querySelectorAll('[data-language]')) {
    button.addEventListener('click', () => {
      current = button.dataset.language;
      try {
        localStorage.setItem(KEPT, current);
      } catch {
        // As above.
      }
      translate();
      listeners.forEach((listener) => listener());
    });
  }
  translate();
}
