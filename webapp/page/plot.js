// A line of the last quarter of an hour, drawn as SVG: by pointer or arrow keys, each of its points tells its value.

const NAMESPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 300;
const HEIGHT = 48;
const HEADROOM = 4;
const STRIP = 14;

/** How much of the past is shown. */
export const WINDOW_MILLIS = 15 * 60000;

/** Returns an SVG element. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** A plot that is drawn once and then changed in place, so that neither pointer nor focus is lost. */
export class Plot {
  /** @param onPoint is told of the point that is pointed at, or of nothing */
  constructor(onPoint) {
    this.onPoint = onPoint;
    this.points = [];
    this.bands = svg('g');
    this.area = svg('path', { class: 'area' });
    this.line = svg('path', { class: 'line' });
    this.cursor = svg('path', { class: 'cursor' });
    this.element = svg('svg', {
      class: 'plot',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      role: 'slider',
      tabindex: '0',
      'aria-valuemin': '0',
    }, this.bands, this.area, this.line, this.cursor);
    this.element.addEventListener('pointermove', (event) => this.point(this.nearest(event)));
    this.element.addEventListener('pointerleave', () => this.point(undefined));
    this.element.addEventListener('focus', () => this.point(this.points.at(-1)));
    this.element.addEventListener('blur', () => this.point(undefined));
    this.element.addEventListener('keydown', (event) => this.step(event));
  }

  /**
   * Draws points anew.
   *
   * @param points the oldest first: when (ts), since when (from), the value, what it is called (text), and a level where
   *     the value is a state that is painted and not a number that is drawn
   * @param marks times of trouble: from, ts, and a level
   * @param now by the server's clock
   */
  draw(points, marks, now) {
    this.points = points;
    this.now = now;
    const top = Math.max(1, ...points.map(({ value }) => value ?? 0));
    this.y = (value) => HEIGHT - 1 - (value / top) * (HEIGHT - HEADROOM - 1);
    this.bands.replaceChildren(
      ...joined(marks).map((mark) => this.band(mark, 0, HEIGHT)),
      ...joined(points.filter(({ level }) => level)).map((state) => this.band(state, HEIGHT - STRIP, STRIP)));
    const drawn = points.filter(({ level }) => !level);
    const path = drawn.map(({ ts, value }, i) => `${i === 0 ? 'M' : 'L'}${this.x(ts)} ${this.y(value)}`).join('');
    this.line.setAttribute('d', path);
    this.area.setAttribute('d', drawn.length > 1 ? `${path}V${HEIGHT}H${this.x(drawn[0].ts)}Z` : '');
    this.point(this.chosen && points.find(({ ts }) => ts >= this.chosen.ts));
  }

  band({ from, ts, level }, y, height) {
    const x = this.x(from);
    return svg('rect', { class: `band ${level}`, x, y, width: Math.max(1.5, this.x(ts) - x), height });
  }

  x(ts) {
    return Math.max(0, Math.min(WIDTH, WIDTH - ((this.now - ts) / WINDOW_MILLIS) * WIDTH));
  }

  nearest(event) {
    const { left, width } = this.element.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * WIDTH;
    return this.points.reduce(
      (best, point) => (best === undefined || Math.abs(this.x(point.ts) - x) < Math.abs(this.x(best.ts) - x) ? point : best),
      undefined);
  }

  step(event) {
    const last = this.points.length - 1;
    const at = this.chosen ? this.points.indexOf(this.chosen) : last;
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.point(this.points[Math.max(0, Math.min(last, to))]);
    }
  }

  point(chosen) {
    this.chosen = chosen;
    const shown = chosen ?? this.points.at(-1);
    this.element.setAttribute('aria-valuemax', String(Math.max(0, this.points.length - 1)));
    this.element.setAttribute('aria-valuenow', String(Math.max(0, this.points.indexOf(shown))));
    this.element.setAttribute('aria-valuetext', shown?.text ?? '');
    this.cursor.setAttribute('d', chosen ? this.cursorAt(chosen) : '');
    this.onPoint(chosen);
  }

  /** Returns a line from top to bottom, and a dot where the value is; a line without length has round ends. */
  cursorAt({ ts, value, level }) {
    const x = this.x(ts);
    return level ? `M${x} 0V${HEIGHT}` : `M${x} 0V${HEIGHT}M${x} ${this.y(value)}h0.01`;
  }
}

/** Returns times of the same level that follow upon one another as one. */
function joined(times) {
  const all = [];
  for (const time of times) {
    const last = all.at(-1);
    if (last?.level === time.level && last.ts === time.from) {
      last.ts = time.ts;
    } else {
      all.push({ ...time });
    }
  }
  return all;
}
