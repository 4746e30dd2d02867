// Brings the explorables of a page to life: each still picture gives way to the widget's own code with the stored state.
(() => {
  const folder = new URL("explorables/", document.currentScript.src);
  function model(state) {
    const heard = {};
    return {
      get: (name) => state[name],
      set(name, value) {
        state[name] = value;
        for (const event of [`change:${name}`, "change"]) (heard[event] ?? []).forEach((listen) => listen());
      },
      on: (event, listen) => (heard[event] ??= []).push(listen),
      off: (event, listen) => { heard[event] = (heard[event] ?? []).filter((one) => one !== listen); },
      save_changes() {},
    };
  }
  function load(name) {
    return new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: new URL(`${name}.js`, folder), onload: done, onerror: failed });
      document.head.append(script);
    });
  }
  addEventListener("DOMContentLoaded", async () => {
    const found = [...document.querySelectorAll("[data-explorable]")];
    if (found.length) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("style.css", folder) }));
    for (const still of found) {
      const name = still.dataset.explorable;
      if (!window.lrcourse?.[name]) await load(name);
      still.replaceChildren();
      window.lrcourse[name]({ model: model(JSON.parse(still.dataset.state)), el: still });
    }
  });
})();
