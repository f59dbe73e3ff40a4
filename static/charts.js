/* Draws each picture from the table that stands below it, so that both always say the same. */
(function () {
  'use strict';
  if (!window.echarts) return;

  var OTHERS = ['#0b5394', '#b45309', '#1b6b36', '#6b4c9a', '#4a5361', '#8a1c4a'];
  var BEFORE = '#c3cad3';
  var INK = '#1f2329';

  function number(cell) {
    var value = parseFloat(cell.textContent.replace(/[,%\s]/g, ''));
    return isNaN(value) ? null : value;
  }

  function read(table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells).map(function (c) { return c.textContent.trim(); });
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    return {
      names: rows.map(function (row) { return row.cells[0].textContent.trim(); }),
      series: heads.slice(1).map(function (head, i) {
        return { name: head, data: rows.map(function (row) { return number(row.cells[i + 1]); }) };
      })
    };
  }

  function colour(i, colours) {
    return colours && colours[i] || OTHERS[i % OTHERS.length];
  }

  function base(title, size) {
    return {
      animation: false,
      aria: { enabled: true, label: { description: title + '，数据见下方数据表' } },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size, color: INK },
      // the usual tooltip writes style attributes, which the content policy forbids
      tooltip: { renderMode: 'richText' },
      legend: { top: 0, textStyle: { fontSize: size } },
      grid: { left: 8, right: 24, top: 34, bottom: 4, containLabel: true }
    };
  }

  function axis(size, more) {
    return Object.assign({ axisLabel: { fontSize: size, color: INK } }, more);
  }

  // Every name is written: in several lines within its share of the width, upright where that is too little for two signs.
  function names(size, data, wide) {
    var share = Math.floor((wide - 80) / Math.max(data.names.length, 1));
    var label = { fontSize: size, color: INK, interval: 0 };
    Object.assign(label, share < size * 2.2 ? { rotate: 90 } : { overflow: 'break', width: share });
    return { type: 'category', data: data.names, axisLabel: label };
  }

  function columns(data, option, size, wide) {
    var series = data.series.map(function (s, i) {
      return {
        name: s.name, type: 'bar', barGap: '10%', itemStyle: { color: i ? BEFORE : OTHERS[0] },
        label: { show: i === 0, position: 'top', fontSize: size, color: INK },
        data: s.data.map(function (value, n) {
          return i || !option.colours ? value : { value: value, itemStyle: { color: colour(n, option.colours) } };
        })
      };
    });
    return { xAxis: names(size, data, wide), yAxis: axis(size, { type: 'value', minInterval: 1 }), series: series };
  }

  function stacked(data, option, size) {
    var series = data.series.map(function (s, i) {
      var fill = colour(i, option.colours);
      var dark = ['#0b5394', '#2f7fc1', '#b3261e'].indexOf(fill) >= 0 || !option.colours;
      return {
        name: s.name, type: 'bar', stack: 'all', itemStyle: { color: fill }, data: s.data,
        label: { show: true, fontSize: size, color: dark ? '#fff' : INK, formatter: function (p) { return p.value >= 4 ? p.value : ''; } }
      };
    });
    return {
      xAxis: axis(size, { type: 'value', max: option.unit === '%' ? 100 : null }),
      yAxis: axis(size, { type: 'category', inverse: true, data: data.names }),
      series: series
    };
  }

  function lines(data, option, size, wide) {
    var marks = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'];
    var series = data.series.map(function (s, i) {
      var stroke = colour(i, option.colours);
      return {
        name: s.name, type: 'line', symbol: marks[i % marks.length], symbolSize: 7, data: s.data,
        itemStyle: { color: stroke }, lineStyle: { color: stroke }
      };
    });
    return { xAxis: names(size, data, wide), yAxis: axis(size, { type: 'value' }), series: series };
  }

  function radar(data, option, size) {
    var highest = Math.max.apply(null, [].concat.apply([], data.series.map(function (s) { return s.data; })));
    var points = data.series.map(function (s, i) {
      return { name: s.name, value: s.data, itemStyle: { color: OTHERS[i] }, lineStyle: { type: i ? 'dashed' : 'solid' } };
    });
    var corners = data.names.map(function (name) { return { name: name, max: option.max || highest }; });
    return { radar: { indicator: corners, axisName: { color: INK, fontSize: size } }, series: [{ type: 'radar', data: points }] };
  }

  var KINDS = { columns: columns, stacked: stacked, lines: lines, radar: radar };

  function draw(place) {
    var option = JSON.parse(place.getAttribute('data-chart'));
    var table = document.getElementById(place.getAttribute('data-table'));
    var size = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.86;
    place.hidden = false;
    place.setAttribute('role', 'img');
    var drawn = option.series ? option : KINDS[option.kind](read(table), option, size, place.clientWidth);
    var chart = window.echarts.init(place, null, { renderer: 'svg' });
    chart.setOption(Object.assign(base(place.getAttribute('data-title'), size), drawn));
    frame(chart, place);
    chart.on('finished', function () { frame(chart, place); });
    chart.on('click', function (point) {
      if (option.href) window.location.href = option.href.replace('%s', encodeURIComponent(point.name));
    });
    window.addEventListener('resize', function () { chart.resize(); });
    fold(place);
  }

  // With a viewBox the drawing fits the paper by style sheet alone.
  function frame(chart, place) {
    var svg = place.querySelector('svg');
    if (svg) svg.setAttribute('viewBox', '0 0 ' + chart.getWidth() + ' ' + chart.getHeight());
  }

  function fold(place) {
    var figures = place.parentNode.querySelector('[data-fold]');
    if (figures) figures.open = false;
  }

  Array.prototype.forEach.call(document.querySelectorAll('[data-chart]'), draw);
})();
