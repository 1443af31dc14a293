// The command palette: filters what one can do, and finds contacts by the API's search.
import { request } from '/app/requests.js';

const nameOf = contact => [contact.first_name, contact.last_name].filter(Boolean).join(' ') || contact.company || contact.phone_number;

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
    this.finding = text.length > 1 ? new Promise(done => { this.timer = setTimeout(() => done(this.findContacts(text)), 120); }) : null;
  }

  async findContacts(text) {
    const page = await request('GET', `/api/contacts?limit=50&q=${encodeURIComponent(text)}`).catch(() => null);
    if (!page || this.input.value.trim().toLowerCase() !== text) return;
    // Who is called just that comes first; among equals the newest.
    const found = page.data.sort((a, b) => (nameOf(b).toLowerCase() === text) - (nameOf(a).toLowerCase() === text)).slice(0, 6);
    this.show([...found.map(c => this.item(c)), ...this.found]);
  }

  item(contact) {
    const item = document.createElement('li');
    item.role = 'option';
    item.id = `contact-${contact.id}`;
    item.dataset.href = `/contacts/${contact.id}`;
    const icon = this.commands.find(c => c.dataset.href === '/contacts').querySelector('svg').cloneNode(true);
    const detail = document.createElement('small');
    detail.textContent = [contact.company, contact.phone_number].filter(Boolean).join(' · ');
    item.append(icon, nameOf(contact), detail);
    return item;
  }

  show(items) {
    const none = document.createElement('li');
    none.className = 'soft';
    none.textContent = 'Nothing found';
    this.list.replaceChildren(...(items.length ? items : [none]));
    this.selected = null;
    this.input.removeAttribute('aria-activedescendant');
    this.select(items[0]);
  }

  select(item) {
    if (!item?.dataset.href) return;
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
      // Whoever is being looked for may come before what is there yet.
      Promise.resolve(this.finding).then(() => this.go(this.selected));
    }
  }

  go(item) {
    if (item?.dataset.href) location.assign(item.dataset.href);
  }
});
