// Draws what a table on the same page says: <div data-chart="id-of-json">. Without script the table remains.
(function () {
  "use strict";
  var INK = "#16243a", QUIET = "#56637a", LINE = "#dfe4ec", PALE = "#c3ccd9";
  var COLOURS = ["#14508f", "#c2571a", "#17703f", "#8a2f6f", "#9a7400", "#1b7f8c", "#ad2a1d", "#5b4bb0", "#4d6b1f", "#7a4a2b"];
  var FONT = getComputedStyle(document.documentElement).getPropertyValue("--tblr-font-sans-serif");

  function line(one, at, all) {
    var lit = all.lit ? one.id === all.lit : true;
    return {
      name: one.name, type: "line", data: one.data.map(function (v) { return v === null ? null : Number(v); }),
      symbol: "circle", symbolSize: lit ? 8 : 5, z: lit ? 5 : 1, connectNulls: false, smooth: all.kind === "ranks" ? 0.3 : 0, smoothMonotone: "x",
      lineStyle: { width: lit ? 3 : 1.5 }, color: all.lit && !lit ? PALE : COLOURS[at % COLOURS.length],
      endLabel: { show: true, formatter: "{a}", color: lit ? INK : QUIET, fontSize: 12, distance: 6 },
      labelLayout: { moveOverlap: "shiftY" }, emphasis: { focus: "series", lineStyle: { width: 4 } }
    };
  }

  function option(all) {
    var ranks = all.kind === "ranks";
    return {
      animation: false, textStyle: { fontFamily: FONT, color: INK }, grid: { left: 48, right: 120, top: 16, bottom: 32 },
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
    chart.setOption(option(JSON.parse(told.textContent)));
    window.addEventListener("resize", function () { chart.resize(); });
  });
})();
