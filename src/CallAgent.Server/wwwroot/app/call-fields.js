// What is collected in a call. Only what somebody changed is sent, because the rest may be known better by now; and while
// somebody is at work in the form, its fields stay where they are.
const prefix = 'collected.';

export class CallFields {
  constructor(desk) {
    this.desk = desk;
    this.refused = new Map();
  }

  get form() { return this.desk.querySelector('[data-save-changes]'); }

  get inputs() { return [...this.form.querySelectorAll('input:not([type=hidden])')]; }

  // What is to be sent, as pairs of names and values: another detail only with its value, and nothing twice that was refused. What is
  // still being typed waits, unless it is asked for: by the input that was left, or with all of it.
  changes(asked) {
    if (!this.form) return [];
    const { new_field: name, new_value: value } = this.form.elements;
    const isReady = input => !asked || input === asked || input !== document.activeElement;
    const fields = this.inputs.filter(i => i.name.startsWith(prefix) && isTouched(i) && isReady(i) && this.refused.get(i.name) !== i.value);
    const another = name.value.trim() && value.value.trim() && isReady(name) && isReady(value) ? [name, value] : [];
    return [...fields, ...another].map(i => [i.name, i.value]);
  }

  // Before what the server answered is put in.
  sent(changes, taken) {
    for (const [name, value] of changes) {
      const input = this.form?.elements[name];
      if (!taken) this.refused.set(name, value);
      else if (!input) continue;
      else if (name.startsWith(prefix)) input.defaultValue = value;
      else if (input.value === value) input.value = '';
    }
  }

  // Puts what the server knows into the fields here, unless nobody is at work in them. Answers whether it did.
  merge(fresh) {
    const { form } = this;
    const next = fresh.querySelector('[data-save-changes]');
    if (!form || !next || !(form.contains(document.activeElement) || this.inputs.some(isTouched))) return false;
    for (const input of next.querySelectorAll(`[name^="${prefix}"]`)) {
      const here = form.elements[input.name];
      if (here) know(here, input);
      else form.elements.new_field.parentElement.before(document.adoptNode(lineOf(input)));
    }
    for (const part of ['.card-head', '.card-foot']) {
      const [old, now] = [this.desk.querySelector(`#desk-fields > ${part}`), fresh.querySelector(part)];
      if (old && now) old.replaceWith(document.adoptNode(now));
      else if (now) form.after(document.adoptNode(now));
      else old?.remove();
    }
    return true;
  }
}

const isTouched = input => input.value !== input.defaultValue;

// What is being typed stays; it is compared with what is known now.
function know(here, fresh) {
  const { value } = here;
  const wasTouched = isTouched(here);
  here.defaultValue = fresh.value;
  here.value = wasTouched ? value : fresh.value;
  here.closest('.detail-line').toggleAttribute('data-missing', fresh.closest('.detail-line').hasAttribute('data-missing'));
}

function lineOf(input) {
  delete input.dataset.key;
  return input.closest('.detail-line');
}
