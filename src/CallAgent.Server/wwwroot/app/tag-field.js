// <tag-field><textarea>one a line</textarea></tag-field>: the lines as tags that are added by Enter and taken away by a click.
// The text area stays what the form sends.
customElements.define('tag-field', class extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    this.source = this.querySelector('textarea');
    if (this.source.disabled || this.source.closest('fieldset[disabled]')) return;
    this.box = document.createElement('div');
    this.box.className = 'input tag-box';
    this.list = document.createElement('ul');
    this.list.className = 'tags';
    this.input = document.createElement('input');
    this.input.placeholder = 'Add, then Enter';
    this.input.setAttribute('aria-describedby', this.source.getAttribute('aria-describedby') ?? '');
    this.input.setAttribute('aria-label', document.querySelector(`label[for="${this.source.id}"]`)?.textContent ?? 'Add');
    document.querySelector(`label[for="${this.source.id}"]`)?.addEventListener('click', () => this.input.focus());
    this.box.append(this.list, this.input);
    this.source.hidden = true;
    this.source.after(this.box);
    this.box.addEventListener('click', event => {
      if (event.target === this.box || event.target === this.list) this.input.focus();
    });
    this.input.addEventListener('keydown', event => this.key(event));
    this.input.addEventListener('blur', () => this.add());
    this.input.addEventListener('paste', event => {
      const text = event.clipboardData.getData('text');
      if (!text.includes('\n')) return;
      event.preventDefault();
      this.set([...this.values(), ...text.split('\n')]);
    });
    // Whoever fills the form fills the text area.
    this.source.addEventListener('change', () => this.draw());
    this.draw();
  }

  values() {
    return this.source.value.split('\n').map(v => v.trim()).filter(Boolean);
  }

  set(values) {
    this.source.value = [...new Set(values.map(v => v.trim()).filter(Boolean))].join('\n');
    this.source.dispatchEvent(new Event('change', { bubbles: true }));
  }

  add() {
    if (!this.input.value.trim()) return;
    const value = this.input.value;
    this.input.value = '';
    this.set([...this.values(), value]);
  }

  key(event) {
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      this.add();
    } else if (event.key === 'Backspace' && this.input.value === '') {
      this.set(this.values().slice(0, -1));
    }
  }

  draw() {
    this.list.replaceChildren(...this.values().map((value, n) => {
      const item = document.createElement('li');
      item.className = 'tag';
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = '×';
      button.setAttribute('aria-label', `Remove ${value}`);
      button.addEventListener('click', () => {
        this.set(this.values().filter((_, at) => at !== n));
        this.input.focus();
      });
      item.append(value, button);
      return item;
    }));
  }
});
