'use strict'
{
  const byId = (id) => document.getElementById(id)
  const filters = byId('filters')
  const search = byId('search')
  const mandatory = byId('mandatory')
  const chips = [...filters.querySelectorAll('[data-standing]')]
  const requirements = [...document.querySelectorAll('.requirement')].map((block) => ({
    block,
    text: block.querySelector('summary').textContent.toLowerCase(),
    cases: [...block.querySelectorAll('.case')].map((row) => ({ row, text: row.textContent.toLowerCase() })),
  }))
  const areas = [...document.querySelectorAll('.area')]

  function show() {
    const standings = new Set(chips.filter((chip) => chip.checked).map((chip) => chip.dataset.standing))
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    let shown = 0
    for (const { block, text, cases } of requirements) {
      let here = 0
      for (const one of cases) {
        const fits =
          standings.has(one.row.dataset.standing) &&
          (!mandatory.checked || 'mandatory' in one.row.dataset) &&
          words.every((word) => text.includes(word) || one.text.includes(word))
        one.row.hidden = !fits
        if (fits) here++
      }
      block.hidden = here === 0
      shown += here
    }
    for (const area of areas) area.hidden = !area.querySelector('.requirement:not([hidden])')
    byId('shown').textContent = String(shown)
    byId('nothing').hidden = shown > 0
  }

  /** A link to a requirement opens it, whatever the filter hides. */
  function follow() {
    const target = byId(decodeURIComponent(location.hash.slice(1)))
    if (!target?.classList.contains('requirement')) return
    if (target.hidden) filters.reset()
    target.open = true
    target.scrollIntoView()
    target.querySelector('summary').focus({ preventScroll: true })
  }

  function speak() {
    const isChinese = byId('in-zh').checked
    document.documentElement.lang = isChinese ? 'zh-CN' : 'en'
  }

  filters.hidden = false
  filters.addEventListener('input', show)
  filters.addEventListener('reset', () => setTimeout(show))
  filters.addEventListener('submit', (event) => event.preventDefault())
  for (const id of ['in-zh', 'in-en']) byId(id).addEventListener('change', speak)
  addEventListener('hashchange', follow)
  // Paper shows all that the filter shows, with its cases.
  addEventListener('beforeprint', () => {
    for (const { block } of requirements) block.open = true
  })
  if (location.hash) follow()
}
