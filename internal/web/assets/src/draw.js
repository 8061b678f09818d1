// What the browser and the server share: the parts of ECharts that are used,
// how text is measured, and the formatters that options name.
import * as echarts from 'echarts/core';
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { platformApi } from 'zrender/lib/core/platform.js';

echarts.use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, LabelLayout, SVGRenderer]);

// zrender takes the width of this glyph as the height of a line. Where the
// font has no such glyph, labels would overlap: answer with the font's size.
const LINE_HEIGHT_GLYPH = '国';
const measure = platformApi.measureText;
echarts.setPlatformAPI({
  measureText(text, font) {
    if (text !== LINE_HEIGHT_GLYPH) return measure(text, font);
    const size = /([\d.]+)px/.exec(font || '');
    return { width: size ? Number(size[1]) : 12 };
  },
});

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function group(number, decimals) {
  const [whole, rest] = Math.abs(number).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return (number < 0 ? '\u2212' : '') + grouped + (rest ? '.' + rest : '');
}

// plain keeps a name from being read as rich-text markup, {style|text}.
const plain = (text) => String(text ?? '').replace(/[{}|]/g, ' ');

export const TEXT = 2; // the dimension of a value that holds its text, as shown
export const MORE = 3; // and of words about it, where there are any

// Each takes the object that names it and gives the function ECharts calls.
const FORMATTERS = {
  // ticks of a time axis: the month above the year
  month: () => (time) => {
    const date = new Date(time);
    return MONTHS[date.getUTCMonth()] + '\n' + date.getUTCFullYear();
  },
  // ticks of a value axis
  number: ({ decimals = 0, before = '', after = '' }) => (number) => before + group(number, decimals) + after,
  // the end of a line: its name and its last figure
  end: ({ label }) => () => label,
  // the figure at the end of a bar
  bar: () => (bar) => bar.value[TEXT],
  // everything at one time. The range is drawn, not read; the first point of
  // the council's own line is the area's last published one, said once.
  trend: ({ after = '' }) => (points) => {
    const read = points.filter((p) => !p.seriesId.startsWith('range') && p.value[TEXT]);
    const repeated = (p) => read.length > 1 && p.seriesId.startsWith('own') && p.dataIndex === 0;
    const shown = read.filter((p) => !repeated(p));
    if (!shown.length) return '';
    const more = (p) => (p.value[MORE] ? '\n' + plain(p.value[MORE]) : '');
    const lines = shown.map((p) => `${p.marker}${plain(p.seriesName)}: ${plain(p.value[TEXT])}${p.value[1] == null ? '' : after}${more(p)}`);
    return [plain(shown[0].name), ...lines].join('\n');
  },
  // a group's name in bold over the words about it
  heads: ({ heads }) => (_, i) => {
    const styled = (style) => (line) => `{${style}|${plain(line)}}`;
    return [...heads[i].name.map(styled('name')), ...heads[i].words.map(styled('words'))].join('\n');
  },
  // one of a group's two bars, and what the two come to
  pairTip: () => (bar) => `${plain(bar.name)}\n${plain(bar.seriesName)}: ${plain(bar.value[TEXT])}\n${plain(bar.value[MORE])}`,
  barTip: ({ after = '' }) => (bar) => `${plain(bar.name)}: ${plain(bar.value[TEXT])}${after}`,
};

// revive puts functions where options name them as {"$fmt": "name", ...}:
// options are JSON, and a strict content security policy runs no other code.
export function revive(option) {
  if (option === null || typeof option !== 'object') return option;
  if (option.$fmt) return FORMATTERS[option.$fmt](option);
  for (const key of Object.keys(option)) option[key] = revive(option[key]);
  return option;
}

export { echarts };
