// Turns that were said and are not on the server yet. They wait in this browser, in order, over a reload, a lost network
// and an ended session; each has a name of its own, so that one whose answer was lost is not added twice.
import { openSignIn, renewTokens } from '/app/requests.js';

const longestPause = 15000;

export class Outbox {
  // changed(): what waits is different. sent(html): a turn was taken, and this is the page now. refused(turn, html): it was not.
  constructor(owner, call, { changed, sent, refused }) {
    this.key = `outbox:${owner}:${call}`;
    this.path = `/calls/${call}/turns`;
    Object.assign(this, { changed, sent, refused, pause: 1000, state: 'idle' });
    this.wake = () => { this.pause = 1000; this.send(); };
    window.addEventListener('online', this.wake);
    this.send();
  }

  close() {
    window.removeEventListener('online', this.wake);
    clearTimeout(this.timer);
    this.closed = true;
  }

  get waiting() {
    try { return JSON.parse(localStorage.getItem(this.key)) ?? []; } catch { return this.memory ?? []; }
  }

  set waiting(turns) {
    // A store that is full or forbidden costs the safety over a reload, not the turn.
    this.memory = turns;
    try {
      if (turns.length) localStorage.setItem(this.key, JSON.stringify(turns));
      else localStorage.removeItem(this.key);
    } catch { /* nothing to do about it */ }
    this.changed();
  }

  add(speaker, text) {
    this.waiting = [...this.waiting, { id: newId(), speaker, text }];
    this.send();
  }

  async send() {
    clearTimeout(this.timer);
    if (this.state === 'sending' || this.state === 'signed-out') return;
    while (!this.closed && this.waiting.length) {
      const [turn] = this.waiting;
      this.become('sending');
      const answer = await post(this.path, { client_id: turn.id, speaker: turn.speaker, text: turn.text });
      if (answer.status === 401) {
        this.become('signed-out');
        openSignIn(() => { this.become('idle'); this.wake(); });
        return;
      }
      if (answer.status === 0 || answer.status >= 500 || answer.status === 429) {
        this.become('offline');
        this.timer = setTimeout(() => this.send(), this.pause = Math.min(this.pause * 2, longestPause));
        return;
      }
      this.become('sending');
      this.waiting = this.waiting.filter(t => t.id !== turn.id);
      if (answer.ok) this.sent(answer.html, this.waiting.length === 0);
      else this.refused(turn, answer.html);
    }
    this.become('idle');
  }

  become(state) {
    this.state = state;
    this.changed();
  }
}

// post(path, fields): the page that answers a form, as { ok, status, html }; status 0 without a network.
export async function post(path, fields, again = false) {
  const body = new URLSearchParams(fields);
  body.delete('_token');
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'HX-Request': 'true', 'X-Form-Token': document.querySelector('meta[name="form-token"]')?.content ?? '', Accept: 'text/html' },
      body,
    });
    // In another tab one may have signed in again: then the token of this page is an old session's.
    if (response.status === 403 && !again && await renewTokens()) return post(path, fields, true);
    return { ok: response.ok, status: response.status, html: await response.text() };
  } catch {
    return { ok: false, status: 0, html: '' };
  }
}

// Like crypto.randomUUID, which browsers keep from pages without TLS.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map(b => b.toString(16).padStart(2, '0')).join('');
}
