// <call-desk>: makes the page of a call answer at once. Its forms are sent without leaving the page, and the parts of the
// answer that changed take their places; turns go through an outbox; notes are saved as they are typed.
import { CallFields } from '/app/call-fields.js';
import { CallNotes } from '/app/call-notes.js';
import { Outbox, post } from '/app/outbox.js';
import { ask, openSignIn, toast } from '/app/requests.js';
import { callIsOver, callRuns, inWords } from '/app/running-call.js';

customElements.define('call-desk', class extends HTMLElement {
  connectedCallback() {
    const { owner, call } = this.dataset;
    this.stop = new AbortController();
    const on = (target, name, handler, capture) => target.addEventListener(name, handler, { signal: this.stop.signal, capture });
    // Before the elements around the forms hear of it.
    on(this, 'submit', event => this.submit(event), true);
    on(this, 'click', event => this.click(event));
    on(this, 'input', event => { if (event.target.closest('[data-notes]')) this.notes.typed(); });
    on(this, 'change', event => { if (event.target.closest('[data-save-changes]')) this.collect(event.target); });
    on(this, 'keydown', event => this.enter(event));
    on(document, 'keydown', event => this.altKey(event), true);
    on(window, 'online', () => this.notes.save());
    // Before the page that it leads to is asked for, which may show them.
    on(document, 'click', event => { if (event.target.closest('a[href]')) this.notes.save(); }, true);
    on(document, 'visibilitychange', () => { if (document.hidden) this.notes.save(); });
    on(window, 'pagehide', () => this.notes.leave());
    on(window, 'pageshow', event => { if (event.persisted) this.notes.save(); });
    on(window, 'beforeunload', event => { if (this.outbox.waiting.length) event.preventDefault(); });
    on(this, 'toggle', event => this.toggled(event.target), true);
    document.querySelector('#shortcuts').classList.add('dialog-wide');
    document.querySelector('#shortcuts dl').prepend(this.querySelector('#desk-keys').content.cloneNode(true));
    this.sending = Promise.resolve();
    this.began = performance.now();
    this.ticking = setInterval(() => this.tick(), 500);
    this.outbox = new Outbox(owner, call, {
      changed: () => queueMicrotask(() => this.showWaiting()),
      sent: (html, last) => { if (last) this.take(html); },
      refused: (turn, html) => this.giveBack(turn, html),
    });
    this.remember();
    this.notes = new CallNotes(this);
    this.fields = new CallFields(this);
    if (this.dataset.status === 'in_progress') this.box?.focus({ preventScroll: true });
  }

  disconnectedCallback() {
    this.stop.abort();
    this.notes.leave();
    this.outbox.close();
    clearInterval(this.ticking);
  }

  get box() { return this.querySelector('[data-turns] textarea'); }

  // --- The timer ---

  tick() {
    const timer = this.querySelector('.call-timer');
    if (timer && 'running' in timer.dataset) timer.textContent = inWords(this.seconds(timer));
  }

  seconds(timer) { return Number(timer.dataset.seconds) + Math.floor((performance.now() - this.began) / 1000); }

  // The other pages tell of a call that one makes oneself.
  remember() {
    const { call, status } = this.dataset;
    if (status !== 'in_progress') callIsOver(call);
    else if ('mine' in this.dataset) callRuns(call, Date.now() - 1000 * this.seconds(this.querySelector('.call-timer')));
  }

  // --- Forms ---

  submit(event) {
    const form = event.target;
    if (form.matches('[data-turns]')) {
      event.preventDefault();
      this.say(form);
    } else if (form.matches('[data-notes]')) {
      event.preventDefault();
      this.notes.save();
    } else if (form.matches('[data-save-changes]')) {
      event.preventDefault();
      this.fields.refused.clear();
      this.collect();
    } else if (form.matches('[data-live]')) {
      event.preventDefault();
      this.send(form, event.submitter);
    } else this.notes.save();
  }

  send(form, submitter) {
    const timer = this.querySelector('.call-timer');
    const length = form.elements.duration_seconds;
    // What the clock said when the call was ended, and not when the network was back.
    if (length && submitter?.value === 'completed' && !length.value && timer) length.value = this.seconds(timer);
    const fields = new FormData(form, submitter);
    return this.inTurn(async () => {
      await this.notes.save();
      const answer = await this.post(form.action, fields);
      if (answer.status !== 0) this.take(answer.html, form);
    });
  }

  // Of the details all, or what was changed up to leaving one input.
  collect(left) {
    return this.inTurn(async () => {
      const changes = this.fields.changes(left);
      if (changes.length === 0) return;
      const { form } = this.fields;
      const answer = await this.post(form.action, changes);
      if (answer.status === 0) return;
      if (answer.ok || answer.status === 400) this.fields.sent(changes, answer.ok);
      this.take(answer.html, form);
    });
  }

  // One after another, so that no answer is older than what is shown.
  inTurn(work) {
    const done = this.sending.then(work);
    this.sending = done.catch(() => {});
    return done;
  }

  async post(path, fields) {
    const answer = await post(path, fields);
    if (answer.status === 401) {
      await new Promise(resolve => openSignIn(resolve));
      return this.post(path, fields);
    }
    if (answer.status === 0) toast('No connection. Nothing is lost; please try again.', 'bad');
    return answer;
  }

  // Puts the parts of a page that answered in the place of those here.
  take(html, form) {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const desk = page.querySelector('call-desk');
    if (!desk) {
      toast(page.querySelector('h1')?.textContent ?? 'That did not work. Please try again.', 'bad');
      return;
    }
    const status = this.dataset.status;
    this.dataset.status = desk.dataset.status;
    this.toggleAttribute('data-mine', 'mine' in desk.dataset);
    this.notes.see(desk.querySelector('[data-notes]'));
    for (const part of desk.querySelectorAll('[id^="desk-"]')) this.replace(part, form, status === this.dataset.status);
    this.began = performance.now();
    this.tick();
    this.remember();
    this.showWaiting();
    const problem = this.querySelector('#desk-problem [role=alert]');
    if (problem) problem.scrollIntoView({ block: 'nearest' });
    if (status === this.dataset.status) return;
    // What comes next is typed when the call has begun, and single keys when it is over.
    if (this.dataset.status === 'in_progress') this.box?.focus({ preventScroll: true });
    else document.activeElement?.blur();
  }

  replace(part, form, goesOn) {
    const here = document.getElementById(part.id);
    if (!here || part.localName === 'template') return;
    if (part.id === 'desk-fields' && this.fields.merge(part)) return;
    // What somebody has opened or closed stays so while the call is where it was.
    if (goesOn) {
      const open = [...here.querySelectorAll('details')].map(d => d.open);
      part.querySelectorAll('details').forEach((d, n) => { d.open = open[n] ?? d.open; });
    }
    if (here.outerHTML === part.outerHTML) return;
    if ('keep' in part.dataset && part.dataset.state === here.dataset.state) return;
    const focused = here.contains(document.activeElement) ? document.activeElement : null;
    // Somebody types there; what is new comes with the next answer.
    if (focused?.matches('input, textarea') && !here.contains(form)) return;
    const again = focused && (focused.name || focused.dataset.key);
    here.replaceWith(document.adoptNode(part));
    const same = again && [...part.querySelectorAll('[name], [data-key]')]
      .find(e => (e.name || e.dataset.key) === again && (e.localName === 'input' || e.value === focused.value));
    if (!same) return;
    if (same.localName === 'input' && focused.value !== focused.defaultValue) same.value = focused.value;
    same.focus({ preventScroll: true });
  }

  // --- What is said ---

  say(form) {
    const text = form.elements.text.value.trim();
    if (!text) return;
    this.outbox.add(form.elements.speaker.value, text);
    form.elements.text.value = '';
    form.closest('kept-draft')?.saved?.();
    form.elements.text.focus();
  }

  giveBack(turn, html) {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const why = page.querySelector('[data-turns] .error, #desk-problem [role=alert], h1')?.textContent.trim();
    toast(why || 'That was not taken.', 'bad');
    // Before what is being typed by now: it was said before that.
    if (this.box) this.box.value = [turn.text, this.box.value].filter(Boolean).join('\n');
  }

  showWaiting() {
    const talk = this.querySelector('#desk-talk');
    if (!talk || !this.outbox) return;
    for (const old of talk.querySelectorAll('.waiting')) old.remove();
    const turns = this.outbox.waiting;
    if (!turns.length) return;
    if (!talk.querySelector('.talk')) talk.innerHTML = '<div class="talk-box"><div class="talk"></div></div>';
    for (const turn of turns) {
      const item = document.createElement('article');
      item.className = `turn waiting${turn.speaker === 'agent' ? ' agent' : ''}`;
      const words = document.createElement('p');
      words.className = 'pre';
      words.textContent = turn.text;
      item.append(words);
      talk.querySelector('.talk').append(item);
    }
    if (this.outbox.state === 'offline' || this.outbox.state === 'signed-out') {
      const note = document.createElement('p');
      note.className = 'waiting waiting-note';
      note.setAttribute('role', 'status');
      const what = turns.length === 1 ? 'One turn waits' : `${turns.length} turns wait`;
      note.textContent = this.outbox.state === 'offline' ? `No connection. ${what} here and will be sent.` : `Signed out. ${what} here until you sign in.`;
      talk.querySelector('.talk').append(note);
    }
  }

  // --- Keys ---

  enter(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target.matches('[data-turns] textarea')) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
    if (event.key === 'Escape' && event.target.matches('input, textarea')) event.target.blur();
  }

  // Alt and a key does while typing what the key alone does otherwise; on some keyboards Alt makes another letter of it.
  altKey(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]')) return;
    const letter = /^(Key|Digit)/.test(event.code) ? event.code.slice(-1).toLowerCase() : event.key;
    const key = /^[a-z0-9[\]]$/i.test(event.key) ? event.key.toLowerCase() : letter;
    const target = this.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    if (target.matches('input, textarea')) target.focus();
    else target.click();
  }

  // What opens by itself takes no focus: the next key may be meant for the call.
  toggled(details) {
    if (details.open && details === this.opened) details.querySelector('.chip, input:not([type=hidden])')?.focus();
  }

  click(event) {
    const details = event.target.closest('summary')?.parentElement;
    this.opened = details;
    // A key that leads somewhere leads there, also when it is open already.
    if (details?.open && event.target.closest('[data-key]') && event.detail === 0 && !details.contains(document.activeElement)) {
      event.preventDefault();
      this.toggled(details);
    }
    if (event.target.closest('[data-switch]')) {
      const [next] = this.querySelectorAll('[name=speaker]:not(:checked)');
      next.checked = true;
      next.dispatchEvent(new Event('change', { bubbles: true }));
      this.box.focus();
    }
    if (event.target.closest('[data-accept]')) {
      event.target.closest('.note').remove();
      this.box?.focus();
    }
    const link = event.target.closest('a[data-key="n"]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.next(link.href);
    }
  }

  // After what was sent before it: the call may just be ending.
  async next(address) {
    if (this.going) return;
    this.going = true;
    await this.collect();
    await this.notes.save();
    if (this.dataset.status !== 'in_progress' || await ask('The call is still going on. Leave it as it is and go to the next one?')) location.assign(address);
    this.going = false;
  }
});
