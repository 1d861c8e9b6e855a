// Acts on /s/ alone. Keeps the action card of a call for when there is no network: places, the own duty, what to do.
// A page with colleagues on it is never kept, and nothing here answers a call unless somebody presses a button.

const KEPT = "action-card-1";
// A browser shows two of them at most.
const BUTTONS = [
  { action: "seen", title: "Set" },
  { action: "coming 30", title: "Kommer om 30 min" },
  { action: "cannot", title: "Kan ikke" },
];
const LINK = /^\/s\/[\w-]{35}$/;

self.addEventListener("message", (event) => {
  if (LINK.test(event.data?.keep ?? "")) event.waitUntil(keep(event.data.keep));
});

async function keep(link) {
  const answer = await fetch(`${link}/kort`);
  await caches.delete(KEPT);
  if (!answer.ok) return;
  const cache = await caches.open(KEPT);
  await cache.put(link, answer.clone());
  const text = await answer.text();
  await cache.addAll([...text.matchAll(/href="(\/web\/[^"]+)"/g)].map((found) => found[1]));
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === self.location.origin && (LINK.test(pathname) || pathname.startsWith("/web/"));
  if (event.request.method !== "GET" || !ours) return;
  event.respondWith(
    fetch(event.request).catch(async () => (await caches.match(event.request, { ignoreVary: true })) ?? Response.error()),
  );
});

self.addEventListener("push", (event) => {
  const { title, body, url, answers = [] } = event.data.json();
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      tag: url || title,
      renotify: true,
      requireInteraction: true,
      data: { url },
      actions: BUTTONS.filter((one) => answers.includes(one.action.split(" ")[0])),
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // Some only tell: nothing is answered, and nothing lies behind them.
  if (!event.notification.data.url) return;
  const link = new URL(event.notification.data.url).pathname;
  event.waitUntil(event.action ? answer(link, event.action) : self.clients.openWindow(link));
});

async function answer(link, said) {
  const body = new URLSearchParams({ svar: said, vej: "push" });
  const told = await fetch(link, { method: "POST", body }).catch(() => null);
  // Where it did not get through, the page says so.
  if (!told?.ok) await self.clients.openWindow(link);
}
