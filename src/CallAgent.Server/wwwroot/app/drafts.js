// <kept-draft key="…" version="3" guard unsaved><form>…</form></kept-draft>
// Keeps what is typed into the form in this browser until it is saved: over a reload, a lost network, an ended session.
//   key      whose draft of what: begin it with the member's id, because several people may use one browser
//   version  that of the record in the form; a draft that was sent and met a newer version is known to be saved, and one
//            that is restored says by its property began with which it was begun
//   unsaved  the form shows what is not saved, such as values that were refused
//   restored-by  the element around it that fills the form, if it is not this one
//   guard    asks before the page is left with changes
// It says `draft:change` with { dirty }, and `draft:restore` with { entries } before it fills the form; who fills it
// otherwise prevents that. Call saved() after a save that was not a form's. The form is the first, or the one marked
// data-kept; what is marked data-discard throws the draft away.
import { toast } from '/app/requests.js';

const prefix = 'draft:';
const longest = 30 * 24 * 3600 * 1000;

const read = key => {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
};
const write = (key, draft) => {
  // A full or forbidden store costs the safety net, not the work.
  try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* nothing to do about it */ }
};

// A page with a message comes after a form that was taken.
const taken = document.querySelector('.flash') !== null;
for (const key of Object.keys(localStorage).filter(k => k.startsWith(prefix))) {
  const draft = read(key);
  if (!draft || (taken && draft.sent) || Date.now() - draft.at > longest) localStorage.removeItem(key);
}

customElements.define('kept-draft', class extends HTMLElement {
  connectedCallback() {
    this.key = prefix + this.getAttribute('key');
    this.form = this.querySelector('form[data-kept]') ?? this.querySelector('form');
    this.dirty = this.hasAttribute('unsaved');
    this.baseline = this.dirty ? null : this.text();
    this.stop = new AbortController();
    const listen = (target, name, handler) => target.addEventListener(name, handler, { signal: this.stop.signal });
    for (const name of ['input', 'change']) listen(this.form, name, () => this.changed());
    listen(this.form, 'submit', event => this.sent(event));
    listen(window, 'pagehide', () => this.keep());
    listen(document, 'visibilitychange', () => this.keep());
    listen(window, 'beforeunload', event => {
      if (this.dirty && this.hasAttribute('guard') && !this.leaving) event.preventDefault();
    });
    this.querySelector('[data-discard]')?.addEventListener('click', event => { event.preventDefault(); this.discard(); });
    const other = this.getAttribute('restored-by');
    if (other) customElements.whenDefined(other).then(() => this.restore());
    else this.restore();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.stop.abort();
  }

  // The form as it is now.
  entries() {
    return [...new FormData(this.form)].filter(([name, value]) =>
      name !== '_token' && typeof value === 'string' && this.form.elements[name]?.type !== 'password');
  }

  text() { return JSON.stringify(this.entries()); }

  changed() {
    this.mark(this.text() !== this.baseline);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 300);
  }

  keep() {
    clearTimeout(this.timer);
    if (this.leaving || !this.isConnected) return;
    if (this.dirty) write(this.key, { entries: this.entries(), version: this.getAttribute('version'), at: Date.now() });
    else localStorage.removeItem(this.key);
  }

  // What was in the form is on the server; somebody may have gone on typing while it was sent.
  saved(version, text = this.text()) {
    if (version) this.setAttribute('version', version);
    this.removeAttribute('unsaved');
    this.baseline = text;
    this.note?.remove();
    this.mark(this.text() !== text);
    this.keep();
  }

  sent(event) {
    if (event.defaultPrevented) return;
    if (!navigator.onLine) {
      event.preventDefault();
      toast('No connection. Nothing is lost; please try again.', 'bad');
      return;
    }
    if (this.dirty) write(this.key, { entries: this.entries(), version: this.getAttribute('version'), at: Date.now(), sent: true });
    this.leaving = true;
    // Whoever comes back by the browser's Back goes on with the same form.
    window.addEventListener('pageshow', () => { this.leaving = false; }, { once: true });
  }

  restore() {
    if (this.dirty) {
      this.mark(true);
      this.keep();
      return;
    }
    const draft = read(this.key);
    const isSaved = draft?.sent && draft.version !== this.getAttribute('version');
    if (!draft || isSaved || JSON.stringify(draft.entries) === this.baseline) {
      localStorage.removeItem(this.key);
      return;
    }
    if (this.dispatchEvent(new CustomEvent('draft:restore', { bubbles: true, cancelable: true, detail: draft }))) {
      this.began = draft.version;
      this.fill(draft.entries);
      this.changed();
      this.sayRestored();
    }
  }

  fill(entries) {
    const rest = new Map();
    for (const [name, value] of entries) rest.set(name, [...rest.get(name) ?? [], value]);
    for (const field of this.form.elements) {
      if (!field.name || field.name === '_token' || ['password', 'file', 'submit', 'button'].includes(field.type)) continue;
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = rest.get(field.name)?.includes(field.value) ?? false;
      else if (rest.get(field.name)?.length) field.value = rest.get(field.name).shift();
    }
  }

  sayRestored() {
    this.note?.remove();
    this.note = document.createElement('p');
    this.note.className = 'note draft-note';
    this.note.setAttribute('role', 'status');
    const discard = document.createElement('button');
    discard.type = 'button';
    discard.className = 'link';
    discard.textContent = 'Discard';
    discard.addEventListener('click', () => this.discard());
    this.note.append('Draft restored', ' · ', discard);
    this.prepend(this.note);
  }

  discard() {
    this.leaving = true;
    localStorage.removeItem(this.key);
    location.assign(location.pathname + location.search);
  }

  mark(dirty) {
    this.dirty = dirty;
    this.dispatchEvent(new CustomEvent('draft:change', { bubbles: true, detail: { dirty } }));
  }
});
