// The pages that were looked at last, kept in this browser and nowhere else.
const KEY = 'bellwether-recent';
const MOST = 8;

// read gives what is kept; whatever else is there is left out.
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter((p) => typeof p?.title === 'string' && /^\/(?:measures|dashboards|since|compare|build)\b/.test(p?.path)) : [];
  } catch {
    return []; // nothing may be kept, or something else is
  }
}

function write(pages) {
  try {
    localStorage.setItem(KEY, JSON.stringify(pages));
  } catch {
    // a browser that keeps nothing
  }
}

// note puts this page first, where it is one to come back to. The same page
// with other choices takes the place of the earlier.
function note() {
  const worth = /^\/(?:measures|dashboards)\/[^/]+|^\/(?:since|compare|build)$/;
  if (!worth.test(location.pathname) || document.title.startsWith('Error') || !document.querySelector('link[rel=alternate]')) return;
  const page = { path: location.pathname + location.search, title: document.title.replace(/ – Bellwether$/, '') };
  const place = document.querySelector('#area option:checked');
  if (place) page.title += `, ${place.textContent}`;
  const others = read().filter((p) => p.path.split('?')[0] !== location.pathname);
  write([page, ...others].slice(0, MOST));
}

function list(section) {
  const pages = read();
  const items = pages.map(({ path, title }) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.className = 'govuk-link';
    link.href = path;
    link.textContent = title;
    item.append(link);
    return item;
  });
  section.querySelector('[data-recent-list]').replaceChildren(...items);
  section.hidden = pages.length === 0;
}

export function recent() {
  note();
  for (const section of document.querySelectorAll('[data-recent]')) {
    list(section);
    section.querySelector('[data-recent-clear]').addEventListener('click', () => {
      write([]);
      list(section);
      document.querySelector('#seek')?.focus();
    });
  }
}
