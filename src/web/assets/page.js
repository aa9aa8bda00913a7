// What makes the pages quicker to use. Everything works without it, too.
"use strict";

function say(text) {
    const place = document.getElementById("said");
    if (place) place.textContent = text;
}

// Buttons that copy are of no use without a script, and hidden until there is one.
if (navigator.clipboard) {
    for (const button of document.querySelectorAll("button.copy")) {
        button.hidden = false;
        const word = button.textContent;
        button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(button.dataset.copy);
            button.textContent = button.dataset.done;
            say(button.dataset.done + ": " + button.dataset.copy);
            setTimeout(() => { button.textContent = word; }, 2000);
        });
    }
}

// The magnifier opens where it stands; a link that cannot be followed here leads to the page that shows the same.
function turn(link, open) {
    link.setAttribute("aria-expanded", String(open));
    link.querySelector(".word").textContent = open ? link.dataset.close : link.dataset.open;
}

async function toggle(link) {
    const place = link.closest("p");
    const shown = place.nextElementSibling;
    if (shown && shown.classList.contains("original")) {
        shown.hidden = !shown.hidden;
        turn(link, !shown.hidden);
        return;
    }
    const address = new URL(link.href);
    address.hash = "";
    address.searchParams.set("part", "original");
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error("not to be opened here");
    place.insertAdjacentHTML("afterend", await answer.text());
    turn(link, true);
}

for (const link of document.querySelectorAll("a.magnifier[data-open]")) {
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        if (link.dataset.busy) return;
        link.dataset.busy = "yes";
        toggle(link).catch(() => { location.href = link.href; }).finally(() => { delete link.dataset.busy; });
    });
}

// The button that changes a kind can be pressed once another kind is chosen.
for (const form of document.querySelectorAll("form.correction")) {
    const select = form.querySelector("select");
    const button = form.querySelector("button");
    const chosen = select.value;
    button.disabled = true;
    select.addEventListener("change", () => { button.disabled = select.value === chosen; });
}
