// Follows a long import: data-progress-url answers
// {"state": words, "done": n, "total": n, "next": address or ""}.
const EVERY = 500; // milliseconds
const GIVE_UP = 20; // failures in a row

export function show(block, words, done, total) {
  const bar = block.querySelector('.bw-progress__bar');
  const text = block.querySelector('.bw-progress__text');
  if (bar && total > 0) {
    bar.max = total;
    bar.value = done;
  }
  if (text && text.textContent !== words) text.textContent = words;
}

function poll(block, failures = 0) {
  fetch(block.dataset.progressUrl, { headers: { Accept: 'application/json' }, cache: 'no-store' })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .then((at) => {
      if (at.next) return location.assign(at.next);
      show(block, at.state, at.done, at.total);
      return setTimeout(poll, EVERY, block);
    })
    .catch(() => {
      if (failures < GIVE_UP) setTimeout(poll, EVERY, block, failures + 1);
      else show(block, 'The page lost touch with Bellwether. Reload it to see how the import went.', 0, 0);
    });
}

export function progress() {
  for (const block of document.querySelectorAll('[data-progress-url]')) poll(block);
}
