// Marks neighbours: a click, or Enter, on one's line or bar brings it out in
// every chart of the page, by weight and by name as well as by colour.
import { TEXT } from './draw.js';

const COLOUR = '#801650';
const FONT = 16; // pixels, of labels in a wide chart

const names = new Set();
const redraws = [];

// The neighbour the address brings out is marked from the start: the page's
// own list of neighbours knows their codes.
const choice = document.querySelector('select#highlight');
const chosen = choice?.selectedOptions[0];
if (chosen?.value) names.add(chosen.textContent.trim());

// remember keeps what was marked last in the address, in the form and in what
// can be downloaded.
function remember() {
  if (!choice) return;
  const last = [...names].at(-1);
  const code = [...choice.options].find((option) => option.textContent.trim() === last)?.value ?? '';
  const put = (url) => {
    if (code) url.searchParams.set('highlight', code);
    else url.searchParams.delete('highlight');
    return url;
  };
  choice.value = code;
  history.replaceState(history.state, '', put(new URL(location)));
  for (const link of document.querySelectorAll('main a[download]')) link.href = put(new URL(link.href));
}

// isMarkable tells a neighbour's line from others: it answers to clicks.
export const isMarkable = (series) => Boolean(series.triggerLineEvent);

// toggle marks or unmarks a name and says whether it is now marked.
export function toggle(name) {
  if (!names.delete(name)) names.add(name);
  remember();
  redraws.forEach((redraw) => redraw());
  return names.has(name);
}

const latest = (series) => series.data.findLast((item) => item.value[1] != null);

function markLine(options, series) {
  const figure = latest(series)?.value[TEXT] ?? '';
  const label = `${series.name} ${figure}`;
  Object.assign(series.lineStyle, { color: COLOUR, width: 3 });
  series.itemStyle = { ...series.itemStyle, color: COLOUR };
  series.z = 19;
  series.endLabel = { show: true, formatter: { $fmt: 'end', label }, color: COLOUR, fontFamily: 'Arial, Helvetica, sans-serif', fontSize: FONT, fontWeight: 'bold', distance: 10 };
  options.grid.right = Math.max(options.grid.right, Math.ceil(label.length * FONT * 0.58) + 18);
  for (const { option } of options.media ?? []) {
    const narrow = option.series.find((s) => s.id === series.id);
    narrow.endLabel = { show: true, formatter: { $fmt: 'end', label: figure }, fontSize: 14, distance: 6 };
  }
}

function markBar(item) {
  item.itemStyle = { ...item.itemStyle, color: COLOUR };
  item.label = { ...item.label, fontWeight: 'bold', color: COLOUR };
}

// marked changes options so that what is marked stands out.
export function marked(options) {
  for (const series of options.series) {
    if (isMarkable(series) && names.has(series.name)) markLine(options, series);
    for (const item of series.type === 'bar' ? series.data : []) {
      if (item.name && names.has(item.name)) markBar(item);
    }
  }
  return options;
}

// list says below a chart what is marked, and unmarks it.
function list(canvas, all) {
  const block = document.createElement('p');
  block.className = 'bw-chart__marked';
  block.hidden = true;
  canvas.after(block);
  return () => {
    const here = [...names].filter((name) => all.has(name));
    block.hidden = !here.length;
    block.textContent = here.length ? `Marked: ${here.join(', ')}. Choose one again to unmark it.` : '';
  };
}

// markable lets a chart be marked; redraw draws it as its options now are.
export function markable(canvas, chart, redraw) {
  const { series } = JSON.parse(document.getElementById(canvas.dataset.options).textContent);
  const single = series.length === 1 && series[0].type === 'bar';
  const all = new Set(single ? series[0].data.map((item) => item.name).filter(Boolean) : series.filter(isMarkable).map((s) => s.name));
  if (!all.size) return;
  const tell = list(canvas, all);
  tell();
  redraws.push(() => {
    redraw();
    tell();
  });
  chart.on('click', (event) => {
    const name = single ? event.data?.name : event.seriesName;
    if (all.has(name)) toggle(name);
  });
}
