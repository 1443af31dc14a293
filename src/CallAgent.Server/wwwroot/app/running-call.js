// The call that somebody makes in this browser, told on every page but its own with the way back to it. This browser
// remembers that there is one; each page then asks the server once, because it may have been ended elsewhere.
const bar = document.getElementById('running-call');
const key = `running-call:${bar?.dataset.owner}`;
let ticking = 0;
let round = 0;

// began: by this browser's clock, in milliseconds.
export function callRuns(id, began) {
  if (remembered()?.id !== id) remember({ id, began });
}

// There may be others that go on: the pages that are open ask anew.
export function callIsOver(id) {
  const call = remembered();
  if (call && call.ended !== id) remember({ ended: id });
}

function remembered() {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

function remember(call) {
  try { call ? localStorage.setItem(key, JSON.stringify(call)) : localStorage.removeItem(key); } catch { /* then it is not told */ }
}

async function show() {
  const mine = ++round;
  const call = remembered();
  tell(call);
  if (!call) return;
  const answer = await fetch('/api/calls/running').catch(() => null);
  const running = answer?.ok && await answer.json().catch(() => null);
  // Not known now, or asked anew in between.
  if (!running || mine !== round) return;
  const calls = running.data.map(c => ({ id: c.id, began: Date.now() - 1000 * c.seconds }));
  if (calls.length === 0) remember(null);
  tell(calls.find(isElsewhere));
}

const isElsewhere = call => location.pathname !== `/calls/${call.id}`;

function tell(call) {
  clearInterval(ticking);
  bar.hidden = !call?.id || !isElsewhere(call);
  if (bar.hidden) return;
  bar.href = `/calls/${call.id}`;
  const tick = () => { bar.querySelector('[data-length]').textContent = inWords(Math.max(0, Math.floor((Date.now() - call.began) / 1000))); };
  tick();
  ticking = setInterval(tick, 1000);
}

// 75 seconds are 1:15.
export function inWords(seconds) {
  const two = n => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

if (bar) {
  show();
  addEventListener('storage', event => { if (event.key === key || event.key === null) show(); });
  addEventListener('pageshow', event => { if (event.persisted) show(); });
}
