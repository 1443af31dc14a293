// How the script at hand sounds to the chosen contact, while it is written.
import { openSignIn } from '/app/requests.js';

export class ScriptPreview {
  constructor(element, campaign, contact) {
    Object.assign(this, { element, campaign, contact });
    this.text = element.querySelector('[data-preview-text]');
    this.missing = element.querySelector('[data-preview-missing]');
  }

  show(input) {
    if (input === this.input) return;
    this.input = input;
    this.element.querySelector('[data-preview-stage]').textContent = input.closest('.stage').dataset.label;
    this.refresh();
  }

  changed(input) {
    this.input = input;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), 200);
  }

  async refresh() {
    const input = this.input;
    if (!input) return;
    const asked = this.asked = {};
    const body = { script: input.value, campaign_id: this.campaign };
    if (this.contact()) body.contact_id = this.contact();
    const response = await fetch('/api/campaigns/preview', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    }).catch(() => null);
    if (response?.status === 401) {
      openSignIn(() => this.refresh());
      return;
    }
    // No connection: the draft is kept, and the next letter tries again.
    const preview = response?.ok ? await response.json() : null;
    if (preview && asked === this.asked) this.draw(preview, input);
  }

  draw(preview, input) {
    const said = document.createElement('p');
    said.className = 'pre say-text';
    let from = 0;
    for (const gap of preview.gaps) {
      const mark = document.createElement('mark');
      mark.className = 'gap';
      mark.textContent = gap.variable;
      said.append(preview.script.slice(from, gap.position), mark);
      from = gap.position;
    }
    said.append(preview.script.slice(from));
    if (!input.value.trim()) {
      said.className = 'soft';
      said.textContent = 'Nothing is said in this stage yet.';
    }
    if (preview.error && !preview.script) {
      said.className = 'soft';
      said.textContent = 'The script cannot be read yet: below it stands what is wrong.';
    }
    this.text.replaceChildren(said);
    this.missing.hidden = preview.missing.length === 0;
    this.missing.querySelector('ul').replaceChildren(...preview.missing.map(name => {
      const item = document.createElement('li');
      item.className = 'tag';
      item.textContent = name;
      return item;
    }));
    this.sayError(preview.error, input);
  }

  sayError(error, input) {
    const line = input.closest('.stage').querySelector(`#${CSS.escape(input.id)}-error`);
    line.hidden = !error;
    if (error) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    const words = line.querySelector('span');
    words.textContent = error ? `${error.line ? `Line ${error.line}: ` : ''}${error.message} ` : '';
    if (!error?.line) return;
    const go = document.createElement('button');
    go.type = 'button';
    go.className = 'link';
    go.textContent = 'Show';
    go.addEventListener('click', () => selectLine(input, error.line));
    words.append(go);
  }
}

function selectLine(input, line) {
  const lines = input.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0);
  input.focus();
  input.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
