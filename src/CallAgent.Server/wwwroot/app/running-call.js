// The call that somebody makes in this browser, told on every page but its own with the way back to it. Each page asks
// once whether it still goes on, because it may have been ended elsewhere.
const bar = document.getElementById('running-call');
const key = `running-call:${bar?.dataset.owner}`;
let ticking = 0;

// began: by this browser's clock, in milliseconds.
export function callRuns(id, name, began) {
  try { localStorage.setItem(key, JSON.stringify({ id, name, began })); } catch { /* then it is not told */ }
}

export function callIsOver(id) {
  if (running()?.id === id) localStorage.removeItem(key);
}

function running() {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

async function show() {
  clearInterval(ticking);
  const call = running();
  if (!call || location.pathname === `/calls/${call.id}`) {
    bar.hidden = true;
    return;
  }
  const answer = await fetch(`/api/calls/${call.id}`).catch(() => null);
  if (answer?.status === 404 || answer?.ok && (await answer.json()).status !== 'in_progress') callIsOver(call.id);
  bar.hidden = running()?.id !== call.id || answer?.status === 401;
  bar.href = `/calls/${call.id}`;
  bar.querySelector('[data-name]').textContent = call.name;
  tick(call);
  ticking = setInterval(() => tick(call), 1000);
}

function tick(call) {
  bar.querySelector('[data-length]').textContent = inWords(Math.max(0, Math.floor((Date.now() - call.began) / 1000)));
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
