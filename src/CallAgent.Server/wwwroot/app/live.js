// <live-events topics="contacts,calls" since="…" target="#contacts"> fetches the page's part anew when such rows have
// changed, also between the page and its first connection: the mark that it was given says how the rows stood.
// One connection for the page; none while nobody looks at it.
const followers = new Set();
let source = null;
let wait = 1000;
let again = 0;
let since = null;

function connect() {
  clearTimeout(again);
  source?.close();
  source = null;
  if (followers.size === 0 || document.hidden) return;
  const topics = [...new Set([...followers].flatMap(f => f.topics))].sort();
  const opened = source = new EventSource(`/events?topics=${topics.join(',')}${since ? `&since=${since}` : ''}`);
  // From now on what was missed is fetched by whoever connects again.
  since = null;
  opened.addEventListener('open', () => { wait = 1000; });
  opened.addEventListener('change', event => tell(event.data.split(',')));
  opened.addEventListener('error', () => {
    // The browser's own attempts know no patience, and end for good when the server refuses one.
    opened.close();
    if (source !== opened) return;
    source = null;
    again = setTimeout(() => { connect(); tell(); }, wait + Math.random() * 500);
    wait = Math.min(wait * 2, 60000);
  });
}

function tell(topics) {
  for (const follower of followers) {
    if (!topics || follower.topics.some(t => topics.includes(t))) follower.changed();
  }
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !source) {
    wait = 1000;
    tell();
  }
  connect();
});
addEventListener('pagehide', () => source?.close());
addEventListener('pageshow', event => { if (event.persisted) { connect(); tell(); } });

customElements.define('live-events', class extends HTMLElement {
  connectedCallback() {
    this.topics = (this.getAttribute('topics') ?? '').split(',').filter(Boolean);
    followers.add(this);
    since = this.getAttribute('since');
    clearTimeout(again);
    again = setTimeout(connect);
  }

  disconnectedCallback() {
    followers.delete(this);
    clearTimeout(this.timer);
    clearTimeout(again);
    again = setTimeout(connect);
  }

  // A burst is one fetch; a steady stream one each second and a half.
  changed() {
    if (this.timer) return;
    const pause = Math.max(250, 1500 - (Date.now() - (this.fetched ?? 0)));
    this.timer = setTimeout(() => { this.timer = 0; this.refresh(); }, pause);
  }

  refresh() {
    const selector = this.getAttribute('target');
    const target = document.querySelector(selector);
    if (!target || document.hidden) return;
    if (isBusy(target)) {
      this.changed();
      return;
    }
    this.fetched = Date.now();
    const open = [...target.querySelectorAll('details')].map(d => d.open);
    const focused = target.contains(document.activeElement) ? placeOf(target, document.activeElement) : null;
    window.htmx.ajax('GET', location.pathname + location.search, { source: this, target: selector, select: selector, swap: 'outerHTML' }).then(() => {
      const fresh = document.querySelector(selector);
      fresh?.querySelectorAll('details').forEach((details, n) => { details.open = open[n] ?? details.open; });
      if (focused) fresh?.querySelectorAll(focused.selector)[focused.at]?.focus({ preventScroll: true });
    });
  }
});

// Whether somebody types, drags, chooses or has a menu open there: what they do is not taken out of their hands.
function isBusy(target) {
  const active = document.activeElement;
  const typing = target.contains(active) && active.matches('input:not([type=checkbox]), textarea, select, [contenteditable=true]');
  return typing || target.querySelector('.sortable-chosen, tr[aria-selected="true"], details.menu[open], dialog[open]') !== null
    || (getSelection()?.type === 'Range' && target.contains(getSelection().anchorNode));
}

// A link or button is found again by where it leads or stands.
function placeOf(target, element) {
  const href = element.getAttribute('href');
  const selector = href ? `[href="${CSS.escape(href)}"]` : element.localName;
  return { selector, at: [...target.querySelectorAll(selector)].indexOf(element) };
}
