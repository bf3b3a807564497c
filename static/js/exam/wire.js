// The way to the server: one POST at a time, through htmx, with the CSRF token of this very moment.
const source = document.getElementById("saved") ?? document.body;

// htmx reads the page's own setting later than the first answer may leave; its default is to wait for ever.
if (window.htmx) window.htmx.config.timeout = 8000;

function cookie(name) {
  return document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

// A sign-in in another tab changes the token: the one in the page may be stale, the cookie never is.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = cookie("csrftoken");
});

function read(xhr) {
  let body = null;
  try { body = JSON.parse(xhr.responseText); } catch { /* a page for people */ }
  return { status: xhr.status, body, redirect: xhr.getResponseHeader("HX-Redirect") };
}

function once(url, values) {
  return new Promise((resolve) => {
    const failed = () => resolve({ status: 0, body: null, redirect: null });
    const handler = (_, { xhr }) => resolve(read(xhr));
    // htmx swaps nothing on an error and says nothing: with a handler of our own every reply arrives here.
    window.htmx.ajax("POST", url, { source, values, swap: "none", handler }).then(failed, failed);
  });
}

/** POST and give {status, body, redirect}; status 0 is a network that is down, too slow, or cut. Never rejects. */
export async function post(url, values) {
  const reply = await once(url, values);
  return reply.status === 403 ? once(url, values) : reply;
}

/** POST what may go out while the page is closing. It may arrive; whoever needs to know keeps a copy. */
export function postInPassing(url, values) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) body.append(name, one);
  }
  const headers = { "HX-Request": "true", "X-CSRFToken": cookie("csrftoken") };
  fetch(url, { method: "POST", body, headers, keepalive: true, redirect: "manual" }).catch(() => {});
}
