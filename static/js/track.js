// Puts the code that a receipt's QR code carries behind "#" into its field, and takes it out of the address again.

const code = window.location.hash.slice(1);
const field = document.getElementById("id_code");
if (field && /^[0-9]{16}$/.test(code)) {
  field.value = code.replace(/(....)(?=.)/g, "$1 ");
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
}
