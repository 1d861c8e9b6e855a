// Lets a telephone keep the action card, and offers to show calls on its screen. The page answers without any of it.

const offer = document.getElementById("push");

if ("serviceWorker" in navigator) {
  navigator.serviceWorker
    .register("/s/worker.js", { scope: "/s/" })
    .then(() => navigator.serviceWorker.ready)
    .then((ready) => {
      ready.active.postMessage({ keep: location.pathname });
      if (offer && "PushManager" in window && Notification.permission !== "denied") show(ready);
    })
    .catch(() => {}); // a browser that allows no worker shows the page as well
}

async function show(ready) {
  if (await ready.pushManager.getSubscription()) return;
  const [button, said] = [offer.querySelector("button"), offer.querySelector("[role=status]")];
  offer.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const subscription = await ready.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: offer.dataset.key,
      });
      const { endpoint, keys } = subscription.toJSON();
      const answer = await fetch(offer.dataset.address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ endpoint, keys }),
      });
      if (!answer.ok) throw new Error(answer.status);
      button.hidden = true;
      said.textContent = "Beskeder er slået til. Der kommer en prøve i dagtimerne: svar på den.";
    } catch {
      said.textContent = "Det lykkedes ikke. SMS og opkald kommer stadig.";
    }
  });
}
