// <campaign-editor>: the form of a campaign, with what only script can do: saving without a new page, a preview while one
// writes, details put in at the caret. What changes the form's shape, the server draws: this takes its answer.
import { ask, openSignIn, toast } from '/app/requests.js';
import '/app/drafts.js';
import '/app/sortable-list.js';
import '/app/tag-field.js';
import { ContactChoice } from '/app/contact-choice.js';
import { InsertMenu } from '/app/insert-menu.js';
import { ScriptPreview } from '/app/script-preview.js';

customElements.define('campaign-editor', class extends HTMLElement {
  connectedCallback() {
    if (!this.listening) this.listen();
    this.begin();
  }

  // Listeners of the element itself stay when its content is replaced.
  listen() {
    this.listening = true;
    this.addEventListener('submit', event => this.submitted(event));
    this.addEventListener('click', event => this.clicked(event));
    this.addEventListener('sorted', () => this.shapeChanged());
    this.addEventListener('change', event => { if (event.target.closest('.rules')) this.refreshWords(); });
    this.addEventListener('focusin', event => { if (event.target.matches('.script-input')) this.preview.show(event.target); });
    this.addEventListener('input', event => { if (event.target.matches('.script-input')) this.preview.changed(event.target); });
    this.addEventListener('toggle', event => {
      if (event.target.matches('.stage[open]')) this.preview.show(event.target.querySelector('.script-input'));
    }, true);
    this.addEventListener('draft:change', event => this.sayState(event.detail.dirty));
    this.addEventListener('draft:restore', event => {
      event.preventDefault();
      this.restore(event.detail.entries);
    });
    this.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || !event.target.dataset.press) return;
      event.preventDefault();
      document.getElementById(event.target.dataset.press).click();
    });
    document.addEventListener('keydown', event => {
      if (!this.isConnected || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
      event.preventDefault();
      this.save();
    });
  }

  begin() {
    this.form = this.querySelector('#campaign-form');
    this.draft = this.querySelector('kept-draft');
    this.contact = new ContactChoice(this.querySelector('.contact-choice'), () => this.preview.refresh());
    this.preview = new ScriptPreview(this.querySelector('#preview'), this.draft.getAttribute('key').split(':').pop(), () => this.contact.id);
    this.menu = new InsertMenu(this.querySelector('#insert-menu'), this.form, this.contact);
    const open = this.querySelector('.stage[open] .script-input');
    if (open) this.preview.show(open);
  }

  submitted(event) {
    if (event.target !== this.form) return;
    event.preventDefault();
    const action = event.submitter?.value ?? 'save';
    if (action === 'save') this.save();
    else if (!action.startsWith('preview:')) this.redraw(action);
  }

  clicked(event) {
    const button = event.target.closest('button');
    const stage = button?.closest('.stage');
    if (!stage) return;
    if (button.dataset.move) {
      event.preventDefault();
      this.querySelector('sortable-list').move(stage, Number(button.dataset.move));
    } else if ('remove' in button.dataset) {
      event.preventDefault();
      this.remove(stage);
    } else if ('preview' in button.dataset) {
      event.preventDefault();
      this.preview.show(stage.querySelector('.script-input'));
      this.preview.element.scrollIntoView({ block: 'nearest' });
    }
  }

  async remove(stage) {
    const written = stage.querySelector('.script-input').value.trim();
    if (written && !await ask(`Remove ${stage.dataset.label} and its script?`)) return;
    const next = stage.nextElementSibling ?? stage.previousElementSibling;
    stage.remove();
    next?.querySelector('summary').focus();
    this.redraw('show');
  }

  shapeChanged() {
    this.draft.changed();
    this.refreshWords();
  }

  // Sends the form; answers the page that comes back, or null when there is none.
  async send(action, entries = [...new FormData(this.form)]) {
    const body = new URLSearchParams(entries.filter(([name]) => name !== '_token' && name !== 'do'));
    body.set('do', action);
    body.set('_token', document.querySelector('meta[name="form-token"]').content);
    const response = await fetch(this.form.action, { method: 'POST', body, headers: { Accept: 'text/html' } }).catch(() => null);
    if (!response) {
      toast('No connection. Nothing is lost; please try again.', 'bad');
      return null;
    }
    if (response.status === 401) {
      await new Promise(resolve => openSignIn(resolve));
      return this.send(action, entries);
    }
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const editor = page.getElementById('editor');
    if (!editor) toast(page.querySelector('h1')?.textContent ?? 'That did not work. Please try again.', 'bad');
    return editor && { editor, ok: response.ok, message: page.querySelector('.flash')?.textContent };
  }

  async save() {
    if (this.saving) return;
    this.saving = true;
    const sent = this.draft.text();
    const answer = await this.send('save');
    this.saving = false;
    if (!answer) return;
    if (!answer.ok) {
      this.take(answer.editor);
      this.querySelector('[role=alert], [aria-invalid=true]')?.scrollIntoView({ block: 'center' });
      return;
    }
    const version = answer.editor.querySelector('[name=version]').value;
    for (const part of ['.head-text', '.conflict', '.note-bad']) {
      const fresh = answer.editor.querySelector(part);
      const old = this.querySelector(part);
      if (fresh && old) old.replaceWith(document.adoptNode(fresh));
      else old?.remove();
    }
    this.sayWords(answer.editor);
    for (const error of this.querySelectorAll('.stage .error, .stage .badge[data-tone=bad]')) error.hidden = true;
    const before = this.form.elements.version.value;
    this.form.elements.version.value = version;
    this.draft.saved(version, sent.replace(JSON.stringify(['version', before]), JSON.stringify(['version', version])));
    toast(answer.message?.trim() || 'Saved.');
  }

  // Draws the form anew as the server shows it after an action.
  async redraw(action) {
    const answer = await this.send(action);
    if (!answer) return;
    const focused = document.activeElement?.id;
    this.take(answer.editor);
    if (action === 'add') this.querySelector('.stage[open] .script-input')?.focus();
    else if (focused) document.getElementById(focused)?.focus();
  }

  async restore(entries) {
    const answer = await this.send('show', entries);
    if (!answer) return;
    this.take(answer.editor);
    this.draft.sayRestored();
  }

  take(editor) {
    const open = new Set([...this.querySelectorAll('.stage[open]')].map(s => s.dataset.stage));
    this.replaceChildren(...document.adoptNode(editor).childNodes);
    if (!this.querySelector('.stage .error:not([hidden])') && !this.querySelector('.stage[open] .badge[data-tone=bad]')) {
      for (const stage of this.querySelectorAll('.stage')) stage.open ||= open.has(stage.dataset.stage);
    }
    window.htmx?.process(this);
    this.begin();
  }

  // The sentences about rules and the order are the server's.
  refreshWords() {
    clearTimeout(this.wordsTimer);
    this.wordsTimer = setTimeout(async () => {
      const answer = await this.send('show');
      if (answer) this.sayWords(answer.editor);
    }, 250);
  }

  sayWords(editor) {
    for (const fresh of editor.querySelectorAll('.stage')) {
      const stage = this.querySelector(`.stage[data-stage="${CSS.escape(fresh.dataset.stage)}"]`);
      for (const part of ['[data-words]', '[data-next]', '.stage-facts']) {
        stage?.querySelector(part)?.replaceChildren(...fresh.querySelector(part)?.childNodes ?? []);
      }
      const last = stage?.querySelector('[data-last]');
      if (last) last.hidden = fresh.querySelector('[data-last]').hidden;
    }
  }

  sayState(dirty) {
    const state = this.querySelector('[data-saved]');
    if (state) state.textContent = dirty ? 'Not saved yet' : 'Saved';
  }
});
