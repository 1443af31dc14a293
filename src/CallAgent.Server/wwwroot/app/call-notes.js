// The notes of a call: saved as they are typed, and before the call is ended or its page goes away.
// First of all, because notes go on from a draft that was restored.
import '/app/drafts.js';
import { request, toast, wordsOf } from '/app/requests.js';

// A request that outlives its page may bring 64 KB, and a letter takes up to three bytes.
const longestToOutlive = 16000;

export class CallNotes {
  constructor(desk) {
    this.desk = desk;
    this.saving = Promise.resolve();
    this.see(this.form);
    this.goOn();
  }

  get form() { return this.desk.querySelector('[data-notes]'); }

  get draft() { return this.form?.closest('kept-draft'); }

  // A draft that was restored goes on from the notes with which it began; others may have noted something since.
  goOn() {
    const { form, draft } = this;
    if (!draft) return;
    const field = form.elements.notes;
    draft.setAttribute('version', this.seen.text);
    if (!draft.dirty) return;
    field.value = merged(field.value, draft.began ?? this.seen.text, this.seen.text);
    if (field.value === this.seen.text) draft.saved();
    this.save();
  }

  // What is noted on the server, in which version of the call. The call goes on changing while its notes stay as they are.
  see(form) {
    if (!form) return;
    const seen = { version: form.dataset.version, text: form.elements.notes.defaultValue };
    if (!this.seen || this.seen.text === seen.text) this.seen = seen;
  }

  typed() {
    this.say('');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 700);
  }

  // One after another: two at once would each take the other for somebody else's.
  save() {
    clearTimeout(this.timer);
    this.saving = this.saving.then(() => this.saveNow());
    return this.saving;
  }

  async saveNow() {
    const { form, draft } = this;
    if (!draft?.dirty) return;
    if (!navigator.onLine) {
      this.say('Kept here until there is a connection');
      return;
    }
    const field = form.elements.notes;
    const text = field.value;
    let saved;
    try {
      saved = await this.put(text);
    } catch {
      this.say('Not saved yet');
      return;
    } finally {
      this.sent = null;
    }
    draft.setAttribute('version', saved);
    if (field.value !== text) {
      // Somebody typed on: below what was noted meanwhile, too.
      if (saved !== text) field.value = merged(field.value, text, saved);
      await this.saveNow();
      return;
    }
    field.value = saved;
    draft.saved();
    this.say(saved === text ? 'Saved' : 'Saved, below what was noted meanwhile');
  }

  // Only over the notes that one has seen: what others noted meanwhile stays, and one's own comes below it.
  async put(text) {
    const path = `/api/calls/${this.desk.dataset.call}`;
    for (;;) {
      try {
        const call = await this.send(text);
        this.seen = { version: call.version, text };
        return text;
      } catch (error) {
        if (error.problem?.status !== 412) {
          if (error.problem) toast(wordsOf(error.problem), 'bad');
          throw error;
        }
      }
      const call = await request('GET', path);
      const theirs = call.notes ?? '';
      text = merged(text, this.seen.text, theirs);
      this.seen = { version: call.version, text: theirs };
    }
  }

  send(text) {
    this.sent = text;
    return request('PATCH', `/api/calls/${this.desk.dataset.call}`, { notes: text }, true, this.seen.version, text.length <= longestToOutlive);
  }

  // The page goes away. What is refused now stays a draft, which is sent when the call is opened again.
  leave() {
    clearTimeout(this.timer);
    const text = this.form?.elements.notes.value;
    if (this.draft?.dirty && !this.draft.leaving && text !== this.sent) this.send(text).catch(() => {});
  }

  say(text) { this.desk.querySelector('[data-saved]').textContent = text; }
}

// One's own text, begun over the notes before, for a call whose notes are theirs by now.
function merged(own, before, theirs) {
  if (theirs === before || (theirs && own.startsWith(theirs))) return own;
  if (theirs.startsWith(own)) return theirs;
  const added = before && own.startsWith(before) ? own.slice(before.length).trim() : own;
  return [theirs, added].filter(Boolean).join('\n');
}
