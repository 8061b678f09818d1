// Uploads a file that is chosen or dropped, and shows how far it is.
import { ErrorSummary, createAll } from 'govuk-frontend';
import { progress, show } from './progress.js';

// follow shows the page an upload led to: another address, or the answer
// itself where it says what is wrong.
function follow(request, form) {
  if (request.status >= 200 && request.status < 300 && request.responseURL !== form.action) {
    return location.assign(request.responseURL);
  }
  const page = new DOMParser().parseFromString(request.responseText, 'text/html');
  const main = page.querySelector('main');
  if (!main) return fail(form);
  document.title = page.title;
  document.querySelector('main').replaceWith(document.adoptNode(main));
  createAll(ErrorSummary);
  uploads();
  progress();
  window.scrollTo(0, 0);
}

function fail(form) {
  form.classList.remove('bw-drop--busy');
  show(form, 'The file was not sent: Bellwether did not answer. Try again.', 0, 100);
}

function bar(form) {
  const block = document.createElement('div');
  block.className = 'bw-progress';
  block.setAttribute('role', 'status');
  const meter = document.createElement('progress');
  meter.className = 'bw-progress__bar';
  meter.setAttribute('aria-label', 'Upload');
  const text = document.createElement('p');
  text.className = 'bw-progress__text';
  block.append(meter, text);
  form.append(block);
}

function send(form) {
  if (form.classList.contains('bw-drop--busy')) return;
  form.classList.add('bw-drop--busy');
  if (!form.querySelector('.bw-progress')) bar(form);
  show(form, 'Sending the file…', 0, 100);
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) show(form, event.loaded < event.total ? 'Sending the file…' : 'Reading the file…', event.loaded, event.total);
  };
  request.onload = () => follow(request, form);
  request.onerror = () => fail(form);
  request.send(new FormData(form));
}

function enhance(form) {
  const input = form.querySelector('[type=file]');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form);
  });
  form.addEventListener('dragover', (event) => {
    event.preventDefault();
    form.classList.add('bw-drop--over');
  });
  form.addEventListener('dragleave', (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove('bw-drop--over');
  });
  form.addEventListener('drop', (event) => {
    event.preventDefault();
    form.classList.remove('bw-drop--over');
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

export function uploads() {
  for (const form of document.querySelectorAll('[data-drop]')) enhance(form);
}
