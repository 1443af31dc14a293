// What every page needs of script. The pages work without it: it adds keys, dialogs, and what changes without a new page.
// Elements that only some pages have are loaded with the first page that has one.
import { ask, request, openSignIn, toast } from '/app/requests.js';
import '/app/palette.js';
import '/app/running-call.js';

const elements = {
  'campaign-editor': '/app/editor.js',
  'tag-field': '/app/tag-field.js',
  'contact-board': '/app/board.js',
  'sortable-list': '/app/sortable-list.js',
  'row-selection': '/app/selection.js',
  'inline-edit': '/app/inline-edit.js',
  'live-events': '/app/live.js',
  'call-desk': '/app/call.js',
  // Also after a form was taken, so that its draft is forgotten.
  'kept-draft, .flash': '/app/drafts.js',
  'copy-text': '/app/copy.js',
  'password-strength': '/app/password-strength.js',
  'count-down': '/app/count-down.js',
  'send-form': '/app/send-form.js',
};
for (const [name, file] of Object.entries(elements)) {
  if (document.querySelector(name)) import(file);
}

// --- Dialogs: <button data-open="id"> ---

document.addEventListener('click', event => {
  const opener = event.target.closest('[data-open]');
  if (opener) {
    opener.closest('details')?.removeAttribute('open');
    document.getElementById(opener.dataset.open)?.showModal();
  }
  if (event.target.matches?.('dialog.dialog, dialog.palette')) event.target.close();
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Escape closes a menu and goes back to its button.
document.addEventListener('keydown', event => {
  const menu = event.key === 'Escape' && document.querySelector('details.menu[open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

document.querySelector('.settings-nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

// What was wrong with a form that came back is where to go on.
document.querySelector('form [aria-invalid="true"]')?.focus();

for (const field of document.querySelectorAll('[data-time-zone]')) field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;

// --- Forms that ask first: <form data-confirm="Delete this contact?"> ---

document.addEventListener('submit', async event => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(question)) {
    form.dataset.confirmed = 'yes';
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
  }
}, true);

// --- Requests by htmx carry the form token; their failures are said ---

document.addEventListener('htmx:configRequest', event => {
  event.detail.headers['X-Form-Token'] = document.querySelector('meta[name="form-token"]')?.content ?? '';
});
document.addEventListener('htmx:beforeSwap', event => {
  const { status } = event.detail.xhr;
  if (status === 401) {
    event.detail.shouldSwap = false;
    openSignIn(() => event.detail.elt.dispatchEvent(new Event(event.detail.elt.matches('form') ? 'submit' : 'retry', { bubbles: true, cancelable: true })));
  } else if (status === 400 || status === 403 || status === 409) {
    // The answer is the same page with what was wrong.
    event.detail.shouldSwap = Boolean(event.detail.serverResponse.includes(`id="${event.detail.target.id}"`));
    event.detail.isError = !event.detail.shouldSwap;
  }
});
document.addEventListener('htmx:responseError', event => {
  if (event.detail.xhr.status !== 401) {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, 'text/html');
    toast(page.querySelector('h1')?.textContent ?? 'That did not work. Please try again.', 'bad');
  }
});
document.addEventListener('htmx:sendError', () => toast('No connection. Nothing is lost; please try again.', 'bad'));

// --- Theme ---

for (const choice of document.querySelectorAll('[data-theme-choice]')) {
  const mark = () => {
    for (const other of document.querySelectorAll('[data-theme-choice]')) {
      other.setAttribute('aria-pressed', String(other.dataset.themeChoice === (document.documentElement.dataset.theme ?? '')));
    }
  };
  mark();
  choice.addEventListener('click', () => {
    const theme = choice.dataset.themeChoice;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
    mark();
  });
}

// --- Keys ---

let waiting = null;
const isTyping = target => target.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable=true], dialog[open]');

document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    document.getElementById('palette')?.showModal();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const keys = waiting ? `${waiting} ${event.key}` : event.key;
  waiting = event.key === 'g' && !waiting ? 'g' : null;
  const target = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  if (target) {
    event.preventDefault();
    if (target.matches('input, textarea')) target.focus();
    else target.click();
  } else if (keys === '?') {
    document.getElementById('shortcuts')?.showModal();
  } else if (keys === 'j' || keys === 'k' || keys === 'ArrowDown' && event.target.matches?.('.row-link')) {
    moveRow(keys === 'k' ? -1 : 1);
  } else if (keys === 'x') {
    document.activeElement.closest('tr')?.querySelector('input[type=checkbox]')?.click();
  }
});

function moveRow(step) {
  const links = [...document.querySelectorAll('main .row-link')];
  const at = links.findIndex(link => link.closest('tr, li, article') === document.activeElement.closest('tr, li, article'));
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
}

window.callagent = { request, toast };
