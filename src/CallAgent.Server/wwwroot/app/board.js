// <contact-board>: cards go from lane to lane by mouse, finger or keys. A move shows at once and is taken back when the
// server refuses it.
import '/lib/sortable.js';
import { request } from '/app/requests.js';

let busy = 0;
document.addEventListener('htmx:beforeSwap', event => {
  if (busy > 0 && event.detail.target.id === 'board') event.detail.shouldSwap = false;
});

customElements.define('contact-board', class extends HTMLElement {
  connectedCallback() {
    this.addEventListener('keydown', event => this.key(event));
    this.addEventListener('submit', event => this.submit(event));
    if (!this.dataset.mayWork) return;
    this.arm();
    document.addEventListener('htmx:afterSwap', () => this.arm());
  }

  arm() {
    for (const list of this.querySelectorAll('.lane-cards:not([data-armed])')) {
      list.dataset.armed = '';
      new window.Sortable(list, {
        group: 'lanes', draggable: '.lane-card', filter: 'details', preventOnFilter: false, sort: false, animation: 120, delay: 180, delayOnTouchOnly: true,
        onStart: () => { busy += 1; },
        onEnd: event => {
          busy -= 1;
          if (event.from !== event.to) this.save(event.item, event.from, event.to, event.from.children[event.oldIndex] ?? null);
        },
      });
    }
  }

  // move(card, lane): as if it had been dragged there.
  move(card, lane) {
    const [from, next] = [card.parentElement, card.nextElementSibling];
    const to = lane.querySelector('.lane-cards');
    if (from === to) return;
    card.querySelector('details').open = false;
    to.prepend(card);
    card.querySelector('.row-link').focus();
    this.save(card, from, to, next);
  }

  async save(card, from, to, next) {
    const lane = to.closest('.lane');
    this.count(from.closest('.lane'), -1);
    this.count(lane, 1);
    busy += 1;
    try {
      await request('PATCH', `/api/contacts/${card.dataset.id}`, { status: lane.dataset.status });
      this.offer(card, lane);
      this.say(`${card.dataset.name} is now in ${lane.dataset.name}.`);
    } catch {
      from.insertBefore(card, next?.parentElement === from ? next : null);
      this.count(lane, -1);
      this.count(from.closest('.lane'), 1);
      this.say(`${card.dataset.name} stays in ${from.closest('.lane').dataset.name}.`);
    } finally {
      busy -= 1;
    }
  }

  // The menu of a card names the lanes it is not in.
  offer(card, lane) {
    const buttons = [...this.querySelectorAll('.lane')].filter(l => l !== lane).map(l => Object.assign(
      document.createElement('button'), { className: 'btn btn-sm', name: 'status', value: l.dataset.status, textContent: l.dataset.name }));
    const form = card.querySelector('form');
    form.replaceChildren(form.querySelector('[name=_token]'), ...buttons);
  }

  count(lane, change) {
    const shown = lane.querySelector('.count');
    if (!shown.dataset.count) return;
    shown.dataset.count = Number(shown.dataset.count) + change;
    shown.textContent = Number(shown.dataset.count).toLocaleString(document.documentElement.lang || undefined);
  }

  say(text) {
    this.querySelector('[data-said]').textContent = text;
  }

  submit(event) {
    const card = event.target.closest('.lane-card');
    if (!card || !event.submitter) return;
    event.preventDefault();
    this.move(card, this.querySelector(`.lane[data-status="${event.submitter.value}"]`));
  }

  key(event) {
    const card = event.target.closest('.lane-card');
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const menu = card.querySelector('details');
    if (event.key === 'm' && menu) {
      menu.open = true;
      menu.querySelector('form button').focus();
    } else if (event.key === 'Escape' && menu?.open) {
      menu.open = false;
      menu.querySelector('summary').focus();
    } else if (event.key.startsWith('Arrow') && !event.target.closest('details[open]')) {
      this.arrow(event, card);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  arrow(event, card) {
    const lanes = [...this.querySelectorAll('.lane')];
    const lane = card.closest('.lane');
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const other = aside && lanes[lanes.indexOf(lane) + aside];
    const cards = l => [...l.querySelectorAll('.lane-card')];
    if (event.shiftKey) {
      if (other && this.dataset.mayWork) this.move(card, other);
      return;
    }
    const at = cards(lane).indexOf(card);
    const target = aside ? other && (cards(other)[at] ?? cards(other).at(-1)) : cards(lane)[at + (event.key === 'ArrowDown' ? 1 : -1)];
    target?.querySelector('.row-link').focus();
  }
});
