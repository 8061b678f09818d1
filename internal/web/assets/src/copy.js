// Copies a sentence or the address of a panel, and says so. Without a script
// the buttons are not there.
const SAID = 2000; // milliseconds a button says what it did

// older copies where the clipboard is closed to scripts, as it is over http.
function older(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'govuk-visually-hidden';
  field.setAttribute('aria-hidden', 'true');
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  focused?.focus({ preventScroll: true });
  return done;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return older(text);
  }
}

// address is a panel's, with what has been chosen on the page since it came.
function address(link) {
  const url = new URL(link, location);
  const now = new URLSearchParams(location.search);
  for (const name of ['highlight', 'sort', 'dir']) {
    if (now.get(name)) url.searchParams.set(name, now.get(name));
    else if (name === 'highlight') url.searchParams.delete(name);
  }
  return url.href;
}

const sentence = (selector) => document.querySelector(selector)?.textContent.trim().replace(/\s+/g, ' ') ?? '';

function status() {
  const said = document.createElement('p');
  said.className = 'govuk-visually-hidden';
  said.setAttribute('role', 'status');
  document.querySelector('main').append(said);
  return said;
}

export function copying() {
  const buttons = document.querySelectorAll('[data-copy-from], [data-copy-link]');
  if (!buttons.length) return;
  const said = status();
  for (const group of document.querySelectorAll('[data-copy-tools]')) group.hidden = false;
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = button.dataset.copyLink ? address(button.dataset.copyLink) : sentence(button.dataset.copyFrom);
      const done = await copy(text);
      said.textContent = done ? 'Copied' : 'Not copied: this browser does not allow it';
      button.classList.toggle('bw-copied', done);
      setTimeout(() => {
        button.classList.remove('bw-copied');
        said.textContent = '';
      }, SAID);
    });
  }
}
