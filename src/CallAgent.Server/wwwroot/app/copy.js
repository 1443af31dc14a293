// <copy-text><code>…</code><button>Copy</button></copy-text>
import { toast } from '/app/requests.js';

customElements.define('copy-text', class extends HTMLElement {
  connectedCallback() {
    this.querySelector('button').addEventListener('click', async () => {
      await navigator.clipboard.writeText(this.querySelector('code, input').value ?? this.querySelector('code').textContent);
      toast('Copied.');
    });
  }
});
