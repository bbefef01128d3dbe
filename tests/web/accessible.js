// Names of controls, labels, doubled ids, one heading, and the contrast of every text: what WCAG 2 AA asks at least.
() => {
  const bad = [];
  document.querySelectorAll('img:not([alt]), svg[role=img]:not([aria-label])').forEach(e => bad.push(e.outerHTML.slice(0, 80)));
  document.querySelectorAll('input:not([type=hidden]), select, textarea').forEach(e => {
    if (!e.labels.length && !e.getAttribute('aria-label')) bad.push('no label: ' + e.outerHTML.slice(0, 80));
  });
  document.querySelectorAll('button, a[href]').forEach(e => {
    if (!e.textContent.trim() && !e.getAttribute('aria-label')) bad.push('no name: ' + e.outerHTML.slice(0, 80));
  });
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach(id => bad.push('twice: #' + id));
  if (document.querySelectorAll('h1').length !== 1) bad.push('h1');
  if (!document.documentElement.lang) bad.push('lang');
  const lum = c => { const v = c.match(/[\d.]+/g).slice(0, 3).map(n => { n /= 255; return n <= .03928 ? n / 12.92 : ((n + .055) / 1.055) ** 2.4; });
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (/^rgb\(/.test(c)) return c; if (/^rgba/.test(c) && !/, 0\)$/.test(c)) return null; } return 'rgb(255, 255, 255)'; };
  document.querySelectorAll('main *').forEach(e => {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.checkVisibility()) return;
    const fore = getComputedStyle(e).color, back = ground(e);
    if (!back || !/^rgb\(/.test(fore)) return;
    const [a, b] = [lum(fore), lum(back)], ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push('contrast ' + ratio.toFixed(2) + ': ' + e.textContent.trim().slice(0, 30) + ' <' + e.className + '>');
  });
  return [...new Set(bad)];
}
