// Brings charts to life: draws each from its options in the place of the
// server's pictures, which stay for print and for the case that this fails.
import { echarts, revive } from './draw.js';

const WIDE = 640; // pixels; style.scss shows the narrow picture below it

// height is the server's picture's, scaled, but never too low to read.
function height(canvas) {
  const width = canvas.clientWidth;
  const kind = width < WIDE ? 'narrow' : 'wide';
  const box = canvas.querySelector(`.bw-chart__${kind} svg`).viewBox.baseVal;
  return Math.round(box.height * Math.min(1, Math.max(0.75, width / box.width)));
}

function draw(canvas) {
  const options = document.getElementById(canvas.dataset.options);
  const live = document.createElement('div');
  live.className = 'bw-chart__live';
  live.style.height = height(canvas) + 'px';
  canvas.append(live);
  canvas.classList.add('bw-chart__canvas--live');
  try {
    const chart = echarts.init(live, null, { renderer: 'svg' });
    chart.setOption(revive(JSON.parse(options.textContent)));
    follow(canvas, live, chart);
  } catch (error) {
    canvas.classList.remove('bw-chart__canvas--live');
    live.remove();
    throw error;
  }
}

// follow redraws when the container's width changes.
function follow(canvas, live, chart) {
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width || canvas.clientWidth === 0) return;
    width = canvas.clientWidth;
    live.style.height = height(canvas) + 'px';
    chart.resize();
  }).observe(canvas);
}

for (const canvas of document.querySelectorAll('[data-chart]')) draw(canvas);
