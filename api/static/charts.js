// Draws what a table on the same page says: <div data-chart="id-of-json">. Without script the table remains.
(function () {
  "use strict";
  var INK = "#16243a", QUIET = "#56637a", LINE = "#dfe4ec", PALE = "#c3ccd9", LINE_HEIGHT = 13;
  var COLOURS = ["#14508f", "#c2571a", "#17703f", "#8a2f6f", "#9a7400", "#1b7f8c", "#ad2a1d", "#5b4bb0", "#4d6b1f", "#7a4a2b"];
  var FONT = getComputedStyle(document.documentElement).getPropertyValue("--tblr-font-sans-serif");

  function last(one) {
    for (var at = one.data.length - 1; at >= 0; at--) if (one.data[at] !== null) return at + ":" + Number(one.data[at]);
    return "";
  }

  // Lines that end on one point share one label there.
  function labels(all) {
    var told = {};
    all.series.forEach(function (one) { (told[last(one)] = told[last(one)] || []).push(one.name); });
    return all.series.map(function (one) {
      var names = told[last(one)];
      return names[0] === one.name ? (names.length > 3 ? names.slice(0, 2).join(" ") + " …" + names.length : names.join(" ")) : "";
    });
  }

  // How far each label of a trend moves so that none stands on another: at least LINE_HEIGHT apart, in their order.
  function apart(all, height) {
    var values = [].concat.apply([], all.series.map(function (one) {
      return one.data.filter(function (v) { return v !== null; }).map(Number);
    }));
    var low = Math.min.apply(null, values), high = Math.max.apply(null, values), moved = [], free = -Infinity;
    var ends = all.series.map(function (one, at) {
      var value = Number(last(one).split(":")[1]);
      return { at: at, y: high > low ? (high - value) / (high - low) * height : height / 2 };
    }).filter(function (end) { return all.labels[end.at] && !isNaN(end.y); });
    ends.sort(function (a, b) { return a.y - b.y; }).forEach(function (end) {
      end.to = Math.max(end.y, free);
      free = end.to + LINE_HEIGHT;
    });
    var over = Math.max(0, free - LINE_HEIGHT - height);
    for (var n = ends.length - 1; n >= 0 && over > 0; n--) { // too far down: push those above up again
      var least = n ? ends[n - 1].to + LINE_HEIGHT : -Infinity, back = ends[n].to - over;
      ends[n].to = back;
      over = Math.max(0, least - back);
    }
    ends.forEach(function (end) { moved[end.at] = end.to - end.y; });
    return moved;
  }

  function line(one, at, all) {
    var lit = all.lit ? one.id === all.lit : true;
    return {
      name: one.name, type: "line", data: one.data.map(function (v) { return v === null ? null : Number(v); }),
      symbol: "circle", symbolSize: lit ? 8 : 5, z: lit ? 5 : 1, connectNulls: false, smooth: all.kind === "ranks" ? 0.3 : 0, smoothMonotone: "x",
      lineStyle: { width: lit ? 3 : 1.5 }, color: all.lit && !lit ? PALE : COLOURS[at % COLOURS.length],
      endLabel: { show: true, formatter: function () { return all.labels[at]; }, color: !all.lit ? COLOURS[at % COLOURS.length] : lit ? INK : QUIET, fontSize: 12, distance: 6, offset: [0, all.moved[at] || 0] },
      emphasis: { focus: "series", lineStyle: { width: 4 } }
    };
  }

  function option(all, height) {
    var ranks = all.kind === "ranks";
    all.labels = labels(all);
    all.moved = ranks ? [] : apart(all, height - 48);
    return {
      animation: false, textStyle: { fontFamily: FONT, color: INK }, grid: { left: 48, right: 150, top: 16, bottom: 32 },
      aria: { enabled: true, label: { description: all.words } },
      tooltip: { trigger: "axis", renderMode: "richText", order: ranks ? "valueAsc" : "valueDesc", confine: true },
      xAxis: { type: "category", data: all.names, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: QUIET } },
      yAxis: {
        type: "value", inverse: ranks, min: ranks ? 1 : "dataMin", max: ranks ? all.series.length : "dataMax", minInterval: ranks ? 1 : 0,
        interval: ranks ? Math.max(1, Math.round(all.series.length / 8)) : undefined, scale: true,
        splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: QUIET, formatter: function (v) { return String(Math.round(v * 100) / 100); } }
      },
      series: all.series.map(function (one, at) { return line(one, at, all); })
    };
  }

  document.querySelectorAll("[data-chart]").forEach(function (place) {
    var told = document.getElementById(place.dataset.chart);
    if (!told || !window.echarts) return;
    var chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(option(JSON.parse(told.textContent), place.clientHeight));
    window.addEventListener("resize", function () { chart.resize(); });
  });
})();
