// <copy-text data-copy="…"><code>…</code><button>Copy</button></copy-text>: copies data-copy, or what the code element shows.
import { toast } from '/app/requests.js';

customElements.define('copy-text', class extends HTMLElement {
  connectedCallback() {
    this.querySelector('button').addEventListener('click', async () => {
      await navigator.clipboard.writeText(this.dataset.copy ?? this.querySelector('code, input').value ?? this.querySelector('code').textContent);
      toast('Copied.');
    });
  }
});
