// Reads a chart by keyboard: the arrow keys go from figure to figure, each is
// ringed and said in the chart's own words, and Enter marks a neighbour.
import { echarts, MORE, TEXT } from './draw.js';
import { isMarkable, toggle } from './mark.js';

const INK = '#0B0C0C';
const YELLOW = '#FFDD00';

const one = (part) => (Array.isArray(part) ? part[0] : part) ?? {};
const flat = (text) => String(text).replace(/\s*\n\s*/g, ' ');

// A stop is a figure that can be read: where it stands (series, index and
// value), what is said of it, and the name that marking it takes.

// pathsOver are a time chart's lines, each a list of stops in order.
function pathsOver(options, after) {
  return options.series.map((series, at) => {
    const stops = [];
    const own = series.id.startsWith('own'); // its first point is the area's last
    series.data.forEach((item, index) => {
      const [time, number, text, more] = item.value;
      if (!text || series.id.startsWith('range') || (own && index === 0)) return;
      const figure = flat(text) + (number == null ? '' : after);
      const said = `${series.name}, ${item.name}: ${figure}${more ? '; ' + flat(more) : ''}`;
      stops.push({ series: at, index, at: time, point: number == null ? null : [time, number], said, name: isMarkable(series) ? series.name : '' });
    });
    return stops;
  }).filter((stops) => stops.length);
}

// pathDown is a bar chart's one list, a stop for each category.
function pathDown(options, after) {
  const { series } = options;
  return [one(options.yAxis).data.map((category, index) => {
    const figure = (s) => flat(s.data[index].value[TEXT]) + (s.data[index].value[0] == null || series.length > 1 ? '' : after);
    const more = series[0].data[index].value[MORE];
    const said = series.length === 1
      ? `${category.value}: ${figure(series[0])}`
      : `${category.value}. ${series.map((s) => `${s.name}: ${figure(s)}`).join('. ')}. ${flat(more ?? '')}`;
    const item = series[0].data[index];
    return { series: 0, index, at: index, point: item.value[0] == null ? null : [item.value[0], index], said, name: series.length === 1 ? item.name ?? '' : '' };
  })];
}

function pathsOf(options) {
  const after = options.tooltip?.formatter?.after ?? '';
  return one(options.yAxis).type === 'category' ? pathDown(options, after) : pathsOver(options, after);
}

// nearest is the stop of a path closest in time.
function nearest(path, at) {
  let best = 0;
  path.forEach((stop, i) => {
    if (Math.abs(stop.at - at) < Math.abs(path[best].at - at)) best = i;
  });
  return best;
}

// moved is where a key leads from one place to another: [path, stop].
function moved(paths, [path, stop], key) {
  const across = { ArrowUp: -1, ArrowDown: 1 }[key];
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? (paths.length === 1 ? across : undefined);
  const within = (i, n) => Math.min(Math.max(i, 0), n - 1);
  if (key === 'Home') return [path, 0];
  if (key === 'End') return [path, paths[path].length - 1];
  if (along) return [path, within(stop + along, paths[path].length)];
  const to = within(path + across, paths.length);
  return [to, nearest(paths[to], paths[path][stop].at)];
}

const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

function status(live) {
  const said = document.createElement('p');
  said.className = 'govuk-visually-hidden';
  said.setAttribute('role', 'status');
  live.after(said);
  return said;
}

// name makes the chart one stop of the Tab key that says what it is.
function name(live, options, paths) {
  const figure = Array.isArray(options.grid) ? '' : one(options.yAxis).name; // small charts' axes bear their names
  const move = paths.length > 1 ? 'Left and right arrow keys move in time, up and down between lines.' : 'Arrow keys move from figure to figure.';
  const mark = paths.some((path) => path.some((stop) => stop.name)) && 'Enter marks a neighbour.';
  live.tabIndex = 0;
  live.setAttribute('role', 'application');
  live.setAttribute('aria-roledescription', 'interactive chart');
  live.setAttribute('aria-label', [options.aria?.label?.description, figure && figure + '.', move, mark, 'The same figures stand in the table below.'].filter(Boolean).join(' '));
}

// reading gives the function that puts the ring back after a redrawing.
export function reading(live, chart, options) {
  const paths = pathsOf(options());
  if (!paths.length) return () => {};
  name(live, options(), paths);
  const said = status(live);
  let place = null;
  let rings = [];

  const clear = () => {
    rings.forEach((ring) => chart.getZr().remove(ring));
    rings = [];
    chart.dispatchAction({ type: 'hideTip' });
  };
  const show = () => {
    clear();
    if (!place) return;
    const stop = paths[place[0]][place[1]];
    if (!stop.point) return;
    const [cx, cy] = chart.convertToPixel({ seriesIndex: stop.series }, stop.point);
    rings = [[9, YELLOW, 5], [9, INK, 2]].map(([r, stroke, lineWidth], z) =>
      new echarts.graphic.Circle({ shape: { cx, cy, r }, style: { fill: 'none', stroke, lineWidth }, silent: true, z: 50 + z }));
    rings.forEach((ring) => chart.getZr().add(ring));
    chart.dispatchAction({ type: 'showTip', seriesIndex: stop.series, dataIndex: stop.index });
  };
  const leave = () => {
    place = null;
    said.textContent = '';
    clear();
  };

  live.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const current = place && paths[place[0]][place[1]];
    if (event.key === 'Escape' && place) leave();
    else if (MOVES.includes(event.key)) {
      place = place ? moved(paths, place, event.key) : [0, event.key === 'Home' || one(options().yAxis).type === 'category' ? 0 : paths[0].length - 1];
      show();
      said.textContent = paths[place[0]][place[1]].said;
    } else if ((event.key === 'Enter' || event.key === ' ') && current?.name) {
      said.textContent = toggle(current.name) ? `${current.name} marked` : `${current.name} no longer marked`;
      show();
    } else return;
    event.preventDefault();
  });
  live.addEventListener('blur', leave);
  return show;
}
