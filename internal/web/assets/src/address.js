// Makes the address that stands below a printed page whole.
export function address() {
  const shown = document.querySelector('[data-address]');
  if (shown) shown.textContent = location.href;
}
