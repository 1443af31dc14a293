// <password-strength data-about="names that guessers try">…<input type="password">…</password-strength>
// Says while one types how soon a password would be guessed. It stops nobody: the server decides.
const guesses = ['password', 'passwort', 'letmein', 'welcome', 'qwert', 'asdf', 'admin', 'iloveyou', 'monkey', 'dragon', 'football', 'abc', '123', 'login', 'secret', 'callagent'];
const words = ['Too short', 'Weak: among the first that are guessed', 'Fair: a word more makes it good', 'Good', 'Strong'];
const tones = ['bad', 'bad', 'warm', 'good', 'good'];

customElements.define('password-strength', class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input');
    this.box = this.querySelector('.strength');
    this.input.addEventListener('input', () => this.show());
    this.input.form.addEventListener('input', event => { if (event.target !== this.input) this.show(); });
    this.show();
  }

  show() {
    const value = this.input.value;
    this.box.hidden = value === '';
    const strength = strengthOf(value, this.about());
    const meter = this.box.querySelector('progress');
    meter.value = Math.max(strength, .35);
    meter.dataset.tone = tones[strength];
    const said = strength === 0 ? `${words[0]}: ${8 - value.length} more` : words[strength];
    const status = this.box.querySelector('[role=status]');
    if (status.textContent !== said) status.textContent = said;
  }

  // What stands in the other fields of the form, and what the page knows of the person.
  about() {
    const typed = [...this.input.form.elements].filter(f => ['text', 'email'].includes(f.type)).map(f => f.value);
    return [this.dataset.about ?? '', ...typed].join(' ').toLowerCase().split(/[\s@.]+/).filter(part => part.length > 2);
  }
});

// 0 too short, 1 weak, 2 fair, 3 good, 4 strong.
function strengthOf(password, about) {
  if (password.length < 8) return 0;
  let rest = password.toLowerCase();
  // What a guesser has in a list costs about as much as one character.
  for (const known of [...guesses, ...about]) rest = rest.replaceAll(known, '*');
  // So does a number, whatever its length.
  rest = rest.replace(/\d{3,}/g, run => run.slice(0, 2));
  // A repeated character, or the next one of the alphabet or row of digits, adds little.
  const steps = [...rest].filter((c, i) => i === 0 || Math.abs(c.charCodeAt(0) - rest.charCodeAt(i - 1)) > 1).length;
  // A capital in front and digits behind are what everybody does.
  const isUsual = /^[A-Z]?[a-z]+\d*[^a-zA-Z0-9]?$/.test(password);
  const kinds = isUsual ? 1 : [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter(kind => kind.test(password)).length;
  const bits = steps * (3.2 + kinds * .7) * Math.min(1, new Set(rest).size / 6);
  return bits < 28 ? 1 : bits < 50 ? 2 : bits < 70 ? 3 : 4;
}
