// Builds elements. Texts are texts: nothing here reads HTML.

/** Returns an element with properties, data-, aria- and role attributes, and children, of which empty ones are left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) {
      continue;
    }
    if (key.includes('-') || key === 'role') {
      element.setAttribute(key, value);
    } else {
      element[key] = value;
    }
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== ''));
  return element;
}

/** Returns one line of a list of facts. */
export function fact(name, value, { mono = false, level, more, id } = {}) {
  return el('div', {},
    el('dt', {}, name),
    el('dd', { className: mono ? 'mono' : undefined, id },
      el('span', { 'data-level': level }, value),
      more ? el('span', { className: 'more' }, more) : ''));
}

/** Returns the element of that id. */
export function byId(id) {
  return document.getElementById(id);
}
