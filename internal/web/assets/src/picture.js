// Makes a picture of a chart in the browser: its title, itself as it is
// marked, and its source, as a PNG twice as large as it is shown.
import { echarts, revive } from './draw.js';

const WIDTH = 960; // pixels, as the server's wide picture
const EDGE = 24;
const SCALE = 2;
const INK = '#0B0C0C';
const QUIET = '#484949';

function svg(options, height) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption(revive(options));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

async function image(source) {
  const picture = new Image();
  picture.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(source);
  await picture.decode();
  return picture;
}

// broken gives a text's lines at most WIDTH wide.
function broken(pen, text) {
  const lines = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line ? line + ' ' + word : word;
    if (line && pen.measureText(longer).width > WIDTH) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

// words are a figure's texts about its chart, each with how it is set.
function words(figure) {
  const text = (selector) => figure.querySelector(selector)?.textContent.trim() ?? '';
  const source = figure.querySelector('[data-source]') ?? figure.querySelector('.bw-chart__source')?.firstChild;
  return {
    over: [[text('.bw-chart__title'), 'bold 24px', INK, 30], [text('.bw-chart__subtitle'), '16px', QUIET, 24]],
    under: [[source?.textContent.trim() ?? '', '15px', QUIET, 22]],
  };
}

function measured(pen, [text, font, colour, step]) {
  pen.font = `${font} Arial, Helvetica, sans-serif`;
  return { lines: broken(pen, text), font: pen.font, colour, step };
}

const room = (blocks) => blocks.reduce((sum, block) => sum + block.lines.length * block.step, 0);

function write(pen, blocks, from) {
  let y = from;
  for (const { lines, font, colour, step } of blocks) {
    Object.assign(pen, { font, fillStyle: colour, textBaseline: 'top' });
    for (const line of lines) {
      pen.fillText(line, EDGE, y);
      y += step;
    }
  }
}

async function png(figure, options) {
  const box = figure.querySelector('.bw-chart__wide svg').viewBox.baseVal;
  const chart = await image(svg(options(), box.height));
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  const { over, under } = words(figure);
  const [top, bottom] = [over, under].map((texts) => texts.map((text) => measured(pen, text)));
  const gap = 14;
  const at = EDGE + room(top) + gap;
  const height = at + box.height + gap + room(bottom) + EDGE;
  Object.assign(canvas, { width: (WIDTH + 2 * EDGE) * SCALE, height: height * SCALE });
  pen.scale(SCALE, SCALE);
  pen.fillStyle = '#FFFFFF';
  pen.fillRect(0, 0, WIDTH + 2 * EDGE, height);
  write(pen, top, EDGE);
  pen.drawImage(chart, EDGE, at, WIDTH, box.height);
  write(pen, bottom, at + box.height + gap);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name + '.png';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// pictures shows the button data-png, named for the file, of a chart's figure.
export function pictures(canvas, options) {
  const figure = canvas.closest('figure');
  const button = figure?.querySelector('[data-png]');
  if (!button) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      save(await png(figure, options), button.dataset.png || 'chart');
    } finally {
      button.disabled = false;
    }
  });
}
