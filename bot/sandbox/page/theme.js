// Light or dark before anything is drawn: what was chosen, else what the system says.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return localStorage.getItem("marquee:theme");
    } catch {
      return null;
    }
  };
  const apply = () => {
    root.dataset.theme = kept() ?? (system.matches ? "dark" : "light");
  };
  apply();
  system.addEventListener("change", apply);
  window.marqueeTheme = () => {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("marquee:theme", next);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    root.dataset.theme = next;
  };
})();
