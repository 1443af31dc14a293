// Requests to the API from a page, and what is said when one fails.

// request(method, path, body): the answer's JSON, or null. Throws after having told the person what is wrong; with
// tells = true the caller tells it where it belongs. A change with a version is made only to a record in that version.
// With outlives = true it is made also when the page goes away meanwhile.
export async function request(method, path, body, tells = false, version = null, outlives = false) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...(version && { 'If-Match': `"${version}"` }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      keepalive: outlives,
    });
  } catch {
    toast('No connection. Nothing is lost; please try again.', 'bad');
    throw new Error('offline');
  }
  if (response.status === 401) {
    await new Promise(resolve => openSignIn(resolve));
    return request(method, path, body, tells, version, outlives);
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) {
    if (!tells) toast(wordsOf(answer), 'bad');
    throw Object.assign(new Error(answer?.title ?? String(response.status)), { problem: answer });
  }
  return answer;
}

// What a problem says, in one sentence or some.
export function wordsOf(problem) {
  if (!problem) return 'That did not work. Please try again.';
  if (problem.errors) return Object.entries(problem.errors).map(([field, errors]) => `${field.replaceAll('_', ' ')}: ${errors.join(' ')}`).join(' ');
  return problem.detail ?? problem.title;
}

// toast(text, tone, action): a short message; action is { name, run }.
export function toast(text, tone = 'plain', action) {
  const element = document.createElement('div');
  element.className = tone === 'bad' ? 'toast toast-bad' : 'toast';
  element.append(text);
  if (action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action.name;
    button.addEventListener('click', () => { element.remove(); action.run(); });
    element.append(button);
  }
  document.getElementById('toasts')?.append(element);
  setTimeout(() => element.remove(), action ? 10000 : 6000);
}

// ask(question): whether the person agreed.
export function ask(question) {
  const dialog = document.getElementById('confirm');
  dialog.querySelector('p').textContent = question;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}

// openSignIn(then): signs in again on top of the page, so that nothing on it is lost.
const afterSignIn = [];
export function openSignIn(then) {
  afterSignIn.push(then);
  const dialog = document.getElementById('signed-out');
  if (dialog && !dialog.open) dialog.showModal();
}

customElements.define('sign-in-again', class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector('form');
    this.error = this.querySelector('.error[role=alert]');
    this.form.addEventListener('submit', event => { event.preventDefault(); this.signIn(); });
  }

  // With a second factor in two steps: the answer to the first holds the challenge for the code.
  async signIn() {
    const values = new FormData(this.form);
    const [path, body] = this.challenge
      ? ['/api/auth/login/two-factor', { challenge: this.challenge, code: values.get('again_code') }]
      : ['/api/auth/login', { email: values.get('again_email'), password: values.get('again_password') }];
    const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).catch(() => null);
    const problem = response && !response.ok ? await response.json() : null;
    if (problem?.challenge) {
      this.ask(problem.challenge);
      return;
    }
    if (problem?.type === '/problems/challenge-over') this.ask(null);
    this.error.hidden = response?.ok === true;
    if (!response?.ok) {
      this.error.textContent = problem ? [problem.title, problem.status === 429 ? problem.detail : ''].filter(Boolean).join('. ') : 'No connection.';
      return;
    }
    await renewTokens();
    this.form.reset();
    this.ask(null);
    document.getElementById('signed-out').close();
    for (const then of afterSignIn.splice(0)) then();
  }

  ask(challenge) {
    this.challenge = challenge;
    this.error.hidden = true;
    const second = this.querySelector('[data-second]');
    second.hidden = !challenge;
    if (challenge) second.querySelector('input').focus();
  }
});

// The forms of this page belong to the session that ended; they get the new one's token. Answers whether it is another.
export async function renewTokens() {
  const page = new DOMParser().parseFromString(await (await fetch('/settings', { headers: { Accept: 'text/html' } })).text(), 'text/html');
  const token = page.querySelector('meta[name="form-token"]')?.content;
  const meta = document.querySelector('meta[name="form-token"]');
  if (!token || meta.content === token) return false;
  meta.content = token;
  for (const field of document.querySelectorAll('input[name="_token"]')) field.value = token;
  return true;
}
