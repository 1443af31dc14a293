// A field that finds a contact by the API's search, and remembers which was chosen.
import { request } from '/app/requests.js';

export class ContactChoice {
  constructor(element, chosen) {
    this.chosen = chosen;
    this.input = element.querySelector('input[role=combobox]');
    this.hidden = element.querySelector('[name=contact_id]');
    this.name = element.querySelector('[name=chosen_contact]');
    this.list = element.querySelector('[role=listbox]');
    this.input.addEventListener('input', event => {
      // Who the preview is for is no part of the campaign.
      event.stopPropagation();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), 120);
    });
    this.input.addEventListener('change', event => event.stopPropagation());
    this.input.addEventListener('focus', () => this.search());
    this.input.addEventListener('keydown', event => this.key(event));
    this.input.addEventListener('blur', () => setTimeout(() => this.close(), 150));
    this.list.addEventListener('pointerdown', event => {
      event.preventDefault();
      this.choose(event.target.closest('[role=option]'));
    });
  }

  get id() { return this.hidden.value || null; }

  // The chosen contact with its own fields; read once.
  async details() {
    if (!this.id) return null;
    if (this.contact?.id !== this.id) this.contact = await request('GET', `/api/contacts/${this.id}`).catch(() => null);
    return this.contact;
  }

  async search() {
    const text = this.sought();
    const page = await request('GET', `/api/contacts?limit=6${text ? `&q=${encodeURIComponent(text)}` : ''}`).catch(() => null);
    // The answer to what was typed before may come later.
    if (!page || document.activeElement !== this.input || text !== this.sought()) return;
    this.list.replaceChildren(...page.data.map(contact => this.option(contact)));
    if (page.data.length === 0) {
      const none = document.createElement('li');
      none.className = 'soft small';
      none.setAttribute('role', 'option');
      none.setAttribute('aria-disabled', 'true');
      none.textContent = 'Nobody matches.';
      this.list.append(none);
    }
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    this.select(this.list.firstElementChild);
  }

  sought() { return this.input.value === this.name.value ? '' : this.input.value.trim(); }

  option(contact) {
    const item = document.createElement('li');
    item.setAttribute('role', 'option');
    item.id = `choice-${contact.id}`;
    item.contact = contact;
    const detail = document.createElement('small');
    detail.className = 'soft';
    detail.textContent = contact.company ?? contact.phone_number;
    item.append([contact.first_name, contact.last_name].filter(Boolean).join(' ') || contact.company || contact.phone_number, ' ', detail);
    return item;
  }

  select(item) {
    for (const other of this.list.children) other.setAttribute('aria-selected', String(other === item));
    this.selected = item;
    this.input.setAttribute('aria-activedescendant', item?.id ?? '');
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.list.hidden) {
      event.preventDefault();
      const items = [...this.list.children];
      this.select(items[(items.indexOf(this.selected) + step + items.length) % items.length]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      if (!this.list.hidden) this.choose(this.selected);
    } else if (event.key === 'Escape') this.close();
  }

  choose(item) {
    if (!item?.contact) return;
    this.contact = item.contact;
    this.hidden.value = item.contact.id;
    this.name.value = this.input.value = item.firstChild.textContent;
    this.close();
    this.chosen();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }
}
