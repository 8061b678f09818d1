// Sorts tables where they stand, as the server would: numbers by what a cell
// begins with, text without regard to case, marks and empty cells last
// whichever way it goes, ties in the order in which they came.
const WORDS = { asc: 'ascending', desc: 'descending' };

// leading is 1267 of "1,267", -20 of "−20", 2 of "2=" and 126.4 of
// "126.4 to 151.1"; NaN where a cell begins with no number.
function leading(text) {
  const [first] = text.replace(/[,+=£]/g, '').replace('\u2212', '-').split(' ');
  return /^-?(\d|\.\d)/.test(first) ? Number(first) : NaN;
}

function value(row, column, kind) {
  const cell = row.cells[column].cloneNode(true);
  for (const hidden of cell.querySelectorAll('.govuk-visually-hidden')) hidden.remove();
  const text = cell.textContent.trim();
  if (kind === 'number') return leading(text);
  return text === '' ? NaN : text.toLowerCase();
}

const missing = (value) => Number.isNaN(value);

function sort(table, rows, header, direction) {
  const values = new Map(rows.map((row) => [row, value(row, header.cellIndex, header.dataset.kind)]));
  const way = direction === 'desc' ? -1 : 1;
  const sorted = rows.toSorted((a, b) => {
    const x = values.get(a);
    const y = values.get(b);
    if (missing(x) || missing(y)) return missing(x) - missing(y);
    return x < y ? -way : x > y ? way : 0;
  });
  table.tBodies[0].append(...sorted);
  for (const other of table.tHead.rows[0].cells) {
    if (other.ariaSort) other.ariaSort = other === header ? WORDS[direction] : 'none';
  }
}

// remember keeps the order in the address and in the form, so that the page
// comes back as it was and another choice keeps it.
function remember(column, direction) {
  const url = new URL(location);
  url.searchParams.set('sort', column);
  url.searchParams.set('dir', direction);
  history.replaceState(history.state, '', url);
  const form = document.querySelector('.bw-selection');
  if (form?.elements.sort) {
    form.elements.sort.value = column;
    form.elements.dir.value = direction;
  }
}

function enhance(table) {
  const rows = [...table.tBodies[0].rows];
  const said = document.createElement('p');
  said.className = 'govuk-visually-hidden';
  said.setAttribute('role', 'status');
  table.parentElement.after(said);
  for (const link of table.querySelectorAll('.bw-sort')) {
    const header = link.closest('th');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'bw-sort';
    button.textContent = link.textContent;
    button.addEventListener('click', () => {
      const direction = header.ariaSort === 'ascending' ? 'desc' : 'asc';
      sort(table, rows, header, direction);
      const words = `by ${button.textContent}, ${WORDS[direction]}`;
      said.textContent = `Sorted ${words}.`;
      const order = table.querySelector('.bw-table__order');
      if (order) order.textContent = `, ${words}`;
      remember(header.dataset.column, direction);
    });
    link.replaceWith(button);
  }
}

export function sorting() {
  for (const table of document.querySelectorAll('[data-sortable]')) enhance(table);
}
