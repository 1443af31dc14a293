// <sortable-list handle=".grip" item="details">…</sortable-list>: its items are moved by dragging, by Alt with an arrow
// key, or by move(item, step). It says `sorted` when the order changed.
import '/lib/sortable.js';

customElements.define('sortable-list', class extends HTMLElement {
  connectedCallback() {
    this.sortable = window.Sortable.create(this, {
      handle: this.getAttribute('handle') ?? undefined,
      draggable: this.getAttribute('item') ?? '>*',
      animation: 140,
      onEnd: event => { if (event.oldIndex !== event.newIndex) this.say(); },
    });
    this.keys ??= event => {
      const step = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
      const item = step && this.itemOf(event.target);
      if (!item) return;
      event.preventDefault();
      this.move(item, step);
    };
    this.addEventListener('keydown', this.keys);
  }

  disconnectedCallback() {
    this.sortable.destroy();
  }

  itemOf(element) {
    return [...this.children].find(child => child.contains(element));
  }

  // The focus goes with the item.
  move(item, step) {
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    const focused = document.activeElement;
    if (step < 0) other.before(item);
    else other.after(item);
    if (item.contains(focused)) focused.focus();
    this.say();
  }

  say() {
    this.dispatchEvent(new CustomEvent('sorted', { bubbles: true }));
  }
});
