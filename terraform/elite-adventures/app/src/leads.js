// A QR code leads here with ?conference=ID. The build writes config.js.
import { API_URL } from "./config.js";

const conference_id = new URLSearchParams(location.search).get("conference") ?? "";
const form = document.getElementById("lead");
const outcome = document.getElementById("outcome");

form.addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  const lead = { conference_id, ...Object.fromEntries(new FormData(form)) };
  outcome.textContent = "Sending ...";
  try {
    const answered = await fetch(`${API_URL}/leads`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(lead),
    });
    outcome.textContent = answered.ok ? "Thank you, we will write." : "That did not work: please scan the code again.";
    form.hidden = answered.ok;
  } catch {
    outcome.textContent = "That did not work: please try again.";
  }
});

// The form works without the name, too.
const met = await fetch(`${API_URL}/conferences/${encodeURIComponent(conference_id)}`);
if (met.ok) {
  const { name } = await met.json();
  document.getElementById("conference").textContent = `We met at ${name}. Leave us your address.`;
}
