// <row-selection>: rows of a list that are selected together, and a bar with what can be done to them in one request.
import { ask, request, toast } from '/app/requests.js';
import '/app/inline-edit.js';

customElements.define('row-selection', class extends HTMLElement {
  connectedCallback() {
    // The ids that are chosen, each with the contact's status as it was last seen.
    this.chosen = new Map();
    this.form = this.querySelector('form.bulk');
    if (!this.form) return;
    this.addEventListener('click', event => this.click(event));
    this.form.addEventListener('submit', event => this.submit(event));
    this.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.clear();
    });
    // Rows that come anew, by search or from elsewhere, are as selected as they were.
    document.addEventListener('htmx:afterSwap', () => this.mark());
    // A page that the browser kept comes back with its marks.
    for (const box of this.boxes) if (box.checked) this.choose(box, true);
    this.mark();
  }

  get boxes() {
    return [...this.querySelectorAll('tbody input[name=id]')];
  }

  click(event) {
    const box = event.target;
    if (box.closest('[data-clear]')) this.clear();
    else if (box.matches('[data-all]')) for (const each of this.boxes) this.choose(each, box.checked);
    else if (box.matches('tbody input[name=id]')) {
      const { boxes } = this;
      const from = event.shiftKey && this.last ? boxes.findIndex(b => b.value === this.last) : -1;
      const to = boxes.indexOf(box);
      const range = from < 0 ? [box] : boxes.slice(Math.min(from, to), Math.max(from, to) + 1);
      for (const each of range) this.choose(each, box.checked);
      this.last = box.value;
    } else return;
    this.mark();
  }

  choose(box, isOn) {
    if (isOn) this.chosen.set(box.value, statusOf(box));
    else this.chosen.delete(box.value);
  }

  clear() {
    this.chosen.clear();
    this.mark();
  }

  mark() {
    const { boxes } = this;
    for (const box of boxes) {
      box.checked = this.chosen.has(box.value);
      if (box.checked) this.choose(box, true);
      box.closest('tr').setAttribute('aria-selected', String(box.checked));
    }
    for (const all of this.querySelectorAll('[data-all]')) {
      all.checked = boxes.length > 0 && boxes.every(b => b.checked);
      all.indeterminate = !all.checked && boxes.some(b => b.checked);
    }
    this.toggleAttribute('data-on', this.chosen.size > 0);
    this.form.querySelector('[data-count]').textContent = `${this.chosen.size} selected`;
  }

  async submit(event) {
    event.preventDefault();
    const ids = [...this.chosen.keys()];
    const body = this.body(event.submitter?.value ?? 'add_tag', new FormData(this.form));
    const people = ids.length === 1 ? '1 contact' : `${ids.length} contacts`;
    const question = body && this.question(body, people);
    if (!body || (question && !await ask(question))) return;
    const answer = await request('POST', '/api/contacts/bulk', { ids, ...body }).catch(() => null);
    if (!answer) return;
    const done = answer.deleted || answer.changed;
    toast(done === 0 ? 'Nothing had to be changed.' : `${done === 1 ? '1 contact is' : `${done} contacts are`} ${answer.deleted ? 'deleted' : 'changed'}.`);
    if (body.delete) this.clear();
    this.form.elements.tag.value = '';
    this.form.elements.status.value = '';
    const fresh = { target: '#contacts', select: '#contacts', selectOOB: '#filters,#contacts-total', swap: 'outerHTML', source: this };
    await window.htmx.ajax('GET', location.href, fresh);
  }

  // What is asked before it is done; null where there is nothing to lose.
  question(body, people) {
    if (body.delete) return `Delete ${people} with their calls and conversations? This cannot be undone.`;
    this.mark();
    if (!body.status || [...this.chosen.values()].every(status => status === 'new')) return null;
    return `Set ${people} to ${this.form.elements.status.selectedOptions[0].text}?`;
  }

  body(action, form) {
    if (action === 'delete') return { delete: true };
    if (action === 'status') return { status: form.get('status') };
    const tags = form.get('tag').split(',').map(t => t.trim()).filter(Boolean);
    if (tags.length > 0) return action === 'add_tag' ? { add_tags: tags } : { remove_tags: tags };
    this.form.elements.tag.focus();
    return null;
  }
});

// A status that was changed in its row counts as it is now.
function statusOf(box) {
  return box.closest('tr').querySelector('inline-edit[data-field="status"]')?.dataset.value ?? box.dataset.status;
}
