// <p>Try again in <count-down data-seconds="37">37 seconds</count-down>.</p>: how long one still has to wait.
customElements.define('count-down', class extends HTMLElement {
  connectedCallback() {
    this.until = Date.now() + Number(this.dataset.seconds) * 1000;
    this.timer = setInterval(() => this.show(), 1000);
    this.show();
  }

  disconnectedCallback() { clearInterval(this.timer); }

  show() {
    const left = Math.max(0, Math.ceil((this.until - Date.now()) / 1000));
    if (left === 0) this.parentElement.textContent = 'You can try again now.';
    else this.textContent = left > 90 ? `${Math.ceil(left / 60)} minutes` : left === 1 ? 'a second' : `${left} seconds`;
  }
});
