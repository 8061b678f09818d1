// Brings charts to life: draws each from its options in the place of the
// server's pictures, which stay for print and for the case that this fails.
import { echarts, revive } from './draw.js';
import { marked, markable } from './mark.js';
import { pictures } from './picture.js';
import { reading } from './read.js';

const WIDE = 640; // pixels; style.scss shows the narrow picture below it

// height is the server's picture's, scaled, but never too low to read. Rows of
// bars and of small charts keep theirs: it is that of the words among them.
function height(canvas, rows) {
  const width = canvas.clientWidth;
  const kind = width < WIDE ? 'narrow' : 'wide';
  const box = canvas.querySelector(`.bw-chart__${kind} svg`).viewBox.baseVal;
  if (rows) return box.height;
  return Math.round(box.height * Math.min(1, Math.max(0.75, width / box.width)));
}

// options are the chart's own, read anew each time: reviving changes them.
// What names and describes it is said by the element that takes the focus.
function optionsOf(canvas) {
  const source = document.getElementById(canvas.dataset.options).textContent;
  return () => marked(JSON.parse(source));
}

function draw(canvas) {
  const options = optionsOf(canvas);
  const rows = options().yAxis[0].type === 'category' || Array.isArray(options().grid);
  const live = document.createElement('div');
  live.className = 'bw-chart__live';
  const resize = () => { live.style.height = height(canvas, rows) + 'px'; };
  resize();
  canvas.append(live);
  canvas.classList.add('bw-chart__canvas--live');
  try {
    const chart = echarts.init(live, null, { renderer: 'svg' });
    const show = () => chart.setOption(revive({ ...options(), aria: { enabled: false } }), { notMerge: true });
    show();
    const again = reading(live, chart, options);
    markable(canvas, chart, show);
    pictures(canvas, options);
    follow(canvas, () => {
      resize();
      chart.clear(); // a label that was hidden would come back in the corner
      chart.resize();
      show();
      again();
    });
  } catch (error) {
    canvas.classList.remove('bw-chart__canvas--live');
    live.remove();
    throw error;
  }
}

// follow redraws when the container's width changes: from the start, since
// what a wide chart measured a narrow one would keep.
function follow(canvas, redraw) {
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width || canvas.clientWidth === 0) return;
    width = canvas.clientWidth;
    redraw();
  }).observe(canvas);
}

for (const canvas of document.querySelectorAll('[data-chart]')) draw(canvas);
