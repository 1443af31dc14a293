// The command palette: filters what one can do, and finds contacts by the API's search.
import { request } from '/app/requests.js';

customElements.define('command-palette', class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input');
    this.list = this.querySelector('ul');
    this.commands = [...this.list.children];
    this.dialog = this.closest('dialog');
    this.input.addEventListener('input', () => this.search());
    this.dialog.addEventListener('toggle', () => { this.input.value = ''; this.search(); });
    this.addEventListener('keydown', event => this.key(event));
    this.list.addEventListener('click', event => this.go(event.target.closest('li')));
    this.list.addEventListener('pointermove', event => this.select(event.target.closest('li')));
    this.show(this.commands);
  }

  search() {
    const text = this.input.value.trim().toLowerCase();
    const words = text.split(/\s+/);
    this.found = this.commands.filter(c => words.every(w => c.textContent.toLowerCase().includes(w)));
    this.show(this.found);
    clearTimeout(this.timer);
    if (text.length > 1) this.timer = setTimeout(() => this.findContacts(text), 120);
  }

  async findContacts(text) {
    const page = await request('GET', `/api/contacts?limit=6&q=${encodeURIComponent(text)}`).catch(() => null);
    if (page && this.input.value.trim().toLowerCase() === text) this.show([...page.data.map(c => this.item(c)), ...this.found]);
  }

  item(contact) {
    const item = document.createElement('li');
    item.role = 'option';
    item.id = `contact-${contact.id}`;
    item.dataset.href = `/contacts/${contact.id}`;
    const icon = this.commands.find(c => c.dataset.href === '/contacts').querySelector('svg').cloneNode(true);
    const detail = document.createElement('small');
    detail.textContent = [contact.company, contact.phone_number].filter(Boolean).join(' · ');
    const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ') || contact.company || contact.phone_number;
    item.append(icon, name, detail);
    return item;
  }

  show(items) {
    this.list.replaceChildren(...items);
    this.select(items[0]);
  }

  select(item) {
    if (!item) return;
    for (const other of this.list.children) other.setAttribute('aria-selected', String(other === item));
    this.selected = item;
    this.input.setAttribute('aria-activedescendant', item.id);
    item.scrollIntoView({ block: 'nearest' });
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const items = [...this.list.children];
      this.select(items[(items.indexOf(this.selected) + step + items.length) % items.length]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.go(this.selected);
    }
  }

  go(item) {
    if (item) location.assign(item.dataset.href);
  }
});
