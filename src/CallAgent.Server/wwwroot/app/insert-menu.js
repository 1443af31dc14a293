// The menu of what can be put into a script, at the caret of the stage that asked for it.

export class InsertMenu {
  constructor(menu, form, contact) {
    Object.assign(this, { menu, form, contact });
    form.addEventListener('click', event => {
      const button = event.target.closest('[data-insert]');
      if (button) this.toggle(button);
    });
    menu.addEventListener('click', event => this.insert(event.target.closest('[data-text]')));
    menu.addEventListener('keydown', event => this.key(event));
    document.addEventListener('pointerdown', event => {
      if (!menu.hidden && !menu.contains(event.target) && !this.button?.contains(event.target)) this.close();
    });
  }

  async toggle(button) {
    if (!this.menu.hidden && this.button === button) {
      this.close();
      return;
    }
    this.close();
    this.button = button;
    button.setAttribute('aria-expanded', 'true');
    this.fill('Found out', this.form.elements.data_collection_fields.value.split('\n').map(f => f.trim()).filter(Boolean).map(name => [name, 'collected']));
    button.parentElement.append(this.menu);
    this.menu.hidden = false;
    this.items()[0].focus();
    const own = await this.contact.details();
    this.fill('Custom fields', Object.keys(own?.custom_fields ?? {}).map(name => [name, 'contact.custom_fields']));
  }

  // Names that are no plain words are reached by an index.
  fill(group, names) {
    const element = this.menu.querySelector(`[data-group="${group}"]`);
    element.hidden = names.length === 0;
    for (const old of element.querySelectorAll('button')) old.remove();
    element.append(...names.map(([name, owner]) => {
      const item = document.createElement('button');
      item.type = 'button';
      item.tabIndex = -1;
      item.setAttribute('role', 'menuitem');
      item.textContent = name.replaceAll('_', ' ');
      item.dataset.text = /^[a-z_][\w-]*$/i.test(name) ? `{{ ${owner}.${name} }}` : `{{ ${owner}[${JSON.stringify(name)}] }}`;
      return item;
    }));
  }

  insert(item) {
    if (!item) return;
    const input = this.button.closest('.stage').querySelector('.script-input');
    this.close();
    input.focus();
    // Unlike setRangeText, this can be undone by Ctrl+Z.
    if (!document.execCommand('insertText', false, item.dataset.text)) {
      input.setRangeText(item.dataset.text, input.selectionStart, input.selectionEnd, 'end');
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  items() {
    return [...this.menu.querySelectorAll('[data-text]')].filter(item => !item.closest('[hidden]'));
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const items = this.items();
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      const button = this.button;
      this.close();
      button.focus();
    }
  }

  close() {
    this.menu.hidden = true;
    this.button?.setAttribute('aria-expanded', 'false');
  }
}
