// <inline-edit data-path data-field data-type data-value><a class="cell">…</a></inline-edit>: changed where it stands.
// Enter or leaving saves by the API, Escape restores; what the API refuses is said at the place.
import { request } from '/app/requests.js';

let open = null;
// A refresh from elsewhere must not take away what is being typed.
document.addEventListener('htmx:beforeSwap', event => {
  if (open && event.detail.target.contains(open)) event.detail.shouldSwap = false;
});

customElements.define('inline-edit', class extends HTMLElement {
  connectedCallback() {
    this.cell = this.querySelector('.cell');
    this.cell.setAttribute('role', 'button');
    this.addEventListener('click', event => {
      if (!event.target.closest('.cell') || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.edit();
    });
    this.cell.addEventListener('keydown', event => {
      if (event.key !== ' ') return;
      event.preventDefault();
      this.edit();
    });
  }

  disconnectedCallback() {
    if (open === this) open = null;
  }

  edit() {
    if (this.input) return;
    open = this;
    this.input = this.dataset.type === 'status' ? this.choice() : document.createElement('input');
    if (this.input.type === 'text') this.input.type = this.dataset.type;
    this.input.className = 'input input-sm';
    this.input.value = this.dataset.value;
    this.input.setAttribute('aria-label', this.dataset.name);
    this.input.addEventListener('keydown', event => this.key(event));
    this.input.addEventListener('blur', () => this.leave());
    if (this.dataset.type === 'status') this.input.addEventListener('change', () => this.save());
    this.cell.hidden = true;
    this.append(this.input);
    this.input.focus();
    this.input.select?.();
  }

  choice() {
    const select = document.createElement('select');
    select.append(document.getElementById('status-choices').content.cloneNode(true));
    return select;
  }

  key(event) {
    event.stopPropagation();
    if (event.key === 'Enter') {
      event.preventDefault();
      this.save(true);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.close(true);
    }
  }

  // What was refused once is not sent again by merely going away.
  leave() {
    if (this.isSaving || !this.input) return;
    if (this.input.value === this.dataset.value || this.input.value === this.refused) this.close();
    else this.save();
  }

  async save(andFocus = false) {
    if (this.isSaving || !this.input) return;
    const { path, field, value: before } = this.dataset;
    if (this.input.value.trim() === before) return this.close(andFocus);
    this.isSaving = true;
    this.input.setAttribute('aria-busy', 'true');
    try {
      const value = this.input.value.trim();
      const contact = await request('PATCH', path, { [field]: value === '' && field !== 'phone_number' ? null : value }, true);
      this.show(contact[field] ?? '');
      this.close(andFocus || this.contains(document.activeElement));
      await this.refresh();
    } catch (error) {
      this.refuse(error);
    } finally {
      this.isSaving = false;
      this.input?.removeAttribute('aria-busy');
    }
  }

  refuse(error) {
    if (!this.input) return;
    this.refused = this.input.value;
    this.error ??= Object.assign(document.createElement('p'), { className: 'error', id: `error-${crypto.randomUUID?.() ?? Date.now()}`, role: 'alert' });
    this.error.textContent = Object.values(error.problem?.errors ?? {}).flat().join(' ') || error.problem?.detail || 'Not saved. Please try again.';
    this.append(this.error);
    this.input.setAttribute('aria-invalid', 'true');
    this.input.setAttribute('aria-describedby', this.error.id);
    this.input.focus();
  }

  show(value) {
    this.dataset.value = value;
    const spoken = this.cell.querySelector('.visually-hidden');
    const badge = document.querySelector('#status-badges')?.content.querySelector(`[data-status="${CSS.escape(value)}"] .badge`);
    const shown = this.dataset.type === 'status' ? badge.cloneNode(true) : Object.assign(document.createElement('span'), { className: value ? 'value' : 'none', textContent: value || '–' });
    if (!value) shown.setAttribute('aria-hidden', 'true');
    spoken.textContent = spoken.textContent.replace(/^ (Add|Edit)/, value ? ' Edit' : ' Add');
    this.cell.replaceChildren(shown, spoken);
  }

  close(andFocus = false) {
    const { input } = this;
    this.input = null;
    open = null;
    input?.remove();
    this.error?.remove();
    this.error = this.refused = null;
    this.cell.hidden = false;
    if (andFocus) this.cell.focus();
  }

  // A page of one contact says its details in several places.
  async refresh() {
    const part = this.closest('[data-refresh]');
    if (!part) return;
    const hadFocus = document.activeElement === this.cell;
    await window.htmx.ajax('GET', location.href, { target: `#${part.id}`, select: `#${part.id}`, swap: 'outerHTML' });
    if (hadFocus) document.querySelector(`inline-edit[data-field="${this.dataset.field}"] .cell`)?.focus();
  }
});
