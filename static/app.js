/* Comfort only: every page reads and works without this file. */
(function () {
  'use strict';

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  function remember(name, value) {
    document.cookie = name + '=' + encodeURIComponent(value) + '; path=/; max-age=31536000; samesite=lax';
  }

  // Controls that would do nothing without scripts are hidden in the page and shown here.
  function reveal(root) {
    all('[data-js], [data-density], [data-print], [data-all], [data-phrases]', root).forEach(function (e) {
      e.hidden = false;
    });
    count();
  }

  // --- ticking rows -------------------------------------------------------------------------
  function ticks() {
    return all('.grid tbody input[type=checkbox][name=id]');
  }

  function count() {
    var boxes = ticks();
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    boxes.forEach(function (box) { box.closest('tr').classList.toggle('chosen', box.checked); });
    all('[data-count]').forEach(function (e) { e.textContent = chosen ? '已选 ' + chosen + ' 项' : ''; });
    all('[data-batch]').forEach(function (button) { button.disabled = !chosen; });
    all('[data-all]').forEach(function (box) { box.checked = chosen > 0 && chosen === boxes.length; });
  }

  document.addEventListener('change', function (event) {
    var target = event.target;
    if (target.matches('[data-all]')) {
      ticks().forEach(function (box) { box.checked = target.checked; });
    }
    if (target.matches('.grid input[type=checkbox]')) count();
    if (target.matches('[data-density]')) density(target.value);
    if (target.matches('[data-phrases]')) phrase(target);
  });

  function density(value) {
    document.body.classList.remove('dense', 'loose');
    if (value) document.body.classList.add(value);
    remember('density', value);
  }

  function phrase(select) {
    var text = document.getElementById(select.getAttribute('data-phrases'));
    if (select.value) text.value = (text.value ? text.value + '\n' : '') + select.value;
    select.selectedIndex = 0;
    text.focus();
  }

  // --- large type and printing --------------------------------------------------------------
  document.addEventListener('click', function (event) {
    var big = event.target.closest('[data-big]');
    if (big) remember('big', big.getAttribute('data-big'));
    if (event.target.closest('[data-print]')) window.print();
  });

  // --- keys: j k rows, x tick, Enter opens (the link has the focus), Ctrl+K or / search -------
  function rows() {
    return all('.list .grid tbody tr');
  }

  function go(step) {
    var list = rows();
    if (!list.length) return;
    var at = list.indexOf(document.activeElement.closest('tr')) + step;
    var row = list[Math.max(0, Math.min(list.length - 1, at))];
    var link = row.querySelector('a');
    if (link) link.focus();
    row.scrollIntoView({ block: 'nearest' });
  }

  function tickHere() {
    var row = document.activeElement.closest('.list .grid tbody tr');
    var box = row && row.querySelector('input[name=id]');
    if (!box) return;
    box.checked = !box.checked;
    count();
  }

  document.addEventListener('keydown', function (event) {
    var find = document.getElementById('find') || document.getElementById('q');
    if (event.ctrlKey && event.key.toLowerCase() === 'k' && find) {
      event.preventDefault();
      find.focus();
      return;
    }
    if (event.key === 'Escape' && event.target._flatpickr) event.target._flatpickr.close();
    var typing = event.target.matches('input:not([type=checkbox]):not([type=radio]), select, textarea');
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'j') go(1);
    else if (event.key === 'k') go(-1);
    else if (event.key === 'x') tickHere();
    else if (event.key === '/' && find) { event.preventDefault(); find.focus(); }
  });

  // --- a slider and its number, and the sum of the numbers beside it -------------------------------
  document.addEventListener('input', function (event) {
    var target = event.target;
    var number = target.hasAttribute('data-slide') ? document.getElementById(target.getAttribute('data-slide')) : null;
    if (number) number.value = target.value;
    var slider = target.id && document.querySelector('[data-slide="' + target.id + '"]');
    if (slider) slider.value = target.value;
    var sum = document.querySelector('[data-sum]');
    if (!sum || !(number || slider)) return;
    var total = all('[name^="domains."]', sum.closest('form')).reduce(function (so, field) { return so + (parseFloat(field.value) || 0); }, 0);
    sum.textContent = Math.round(total * 1000) / 1000;
    sum.classList.toggle('down', sum.textContent !== sum.getAttribute('data-sum'));
  });

  // --- addresses without empty fields ---------------------------------------------------------
  document.addEventListener('submit', function (event) {
    if (event.target.method === 'get') tidy(event.target);
  });

  function tidy(form) {
    all('input[name], select[name]', form).forEach(function (field) {
      if (field.value !== '' || field.disabled) return;
      field.disabled = true;
      setTimeout(function () { field.disabled = false; });
    });
  }

  document.addEventListener('htmx:configRequest', function (event) {
    var sent = event.detail.parameters;
    Object.keys(sent).forEach(function (name) { if (sent[name] === '') delete sent[name]; });
  });

  document.addEventListener('htmx:afterSettle', function () {
    var list = document.getElementById('list');
    if (!list) return;
    reveal(list);
    var result = list.querySelector('[data-result]');
    if (result) result.focus();
  });

  // --- at the start -----------------------------------------------------------------------------
  if (window.flatpickr) {
    all('input[data-date]').forEach(function (input) {
      window.flatpickr(input, {
        locale: Object.assign({}, window.flatpickr.l10ns.zh, { firstDayOfWeek: 1 }),
        allowInput: true,
        dateFormat: 'Y-m-d'
      });
    });
  }
  reveal(document);
  var here = document.querySelector('.side a[aria-current]');
  var menu = here && here.closest('.side > div');
  if (menu && here.offsetTop + here.offsetHeight > menu.clientHeight) menu.scrollTop = here.offsetTop - menu.clientHeight / 2;
  var problem = document.querySelector('[data-focus]');
  if (problem) problem.focus();
  var looked = document.querySelector('[data-press]');
  if (looked) looked.click();
  if (document.body.hasAttribute('data-print-now')) window.addEventListener('load', function () { window.print(); });
})();
