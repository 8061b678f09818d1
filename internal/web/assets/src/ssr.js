// Draws a chart on the server: options as JSON in, an SVG out.
import { echarts, revive } from './draw.js';

globalThis.setTimeout ??= () => 0;
globalThis.clearTimeout ??= () => {};

// zrender times itself, and on a busy machine measures text more coarsely and
// breaks it elsewhere. With the clock still, the same options always give the
// same picture.
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length ? given : [0]));
  }

  static now() {
    return 0;
  }
};

globalThis.renderSVG = (json, width, height) => {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(revive(JSON.parse(json)));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
};
