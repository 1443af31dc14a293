// <send-form><form>…</form></send-form>: sends the form by itself, once; not when somebody comes back to the page.
customElements.define('send-form', class extends HTMLElement {
  connectedCallback() {
    if (performance.getEntriesByType('navigation')[0]?.type !== 'back_forward') this.querySelector('form').requestSubmit();
  }
});
