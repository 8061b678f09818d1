// What every page does better with a script. Each works without one.
import { Button, ErrorSummary, NotificationBanner, PasswordInput, SkipLink, createAll } from 'govuk-frontend';
import { address } from './address.js';
import { uploads } from './upload.js';
import { progress } from './progress.js';
import { sorting } from './sort.js';
import { copying } from './copy.js';
import { recent } from './recent.js';

// Every browser that runs modules runs these; an inline script would say it
// sooner, but the content security policy forbids it.
document.body.classList.add('js-enabled', 'govuk-frontend-supported');
for (const component of [Button, ErrorSummary, NotificationBanner, PasswordInput, SkipLink]) createAll(component);

for (const form of document.querySelectorAll('[data-submit-on-change]')) {
  form.classList.add('bw-selection--auto');
  form.addEventListener('change', (event) => {
    if (event.target.matches('select, [type=radio], [type=checkbox]')) form.requestSubmit();
  });
}
uploads();
progress();
sorting();
copying();
recent();
address();
