/**
 * Keeps an open page of products as it is in the database: after an event that products have changed, it fetches its own address
 * again and puts in what differs. Without this script the pages work, and show what was there when they were loaded.
 */
const EVERY_MS = 1000
const RETRY_MS = 10_000
/** A page that is served while the database is unreachable retries this often; no event announces its return. */
const STALE_MS = 5000

const main = document.querySelector('main[data-live]')
/** The product that the page shows; on the list: none. */
const shown = main.querySelector('dl[data-id]')?.dataset.id

let source
let timer
let lastMs = -Infinity
let outdated = false

function follow() {
  if (source || document.hidden) return
  source = new EventSource('/api/v1/products/changes')
  source.addEventListener('changed', ({ data }) => {
    const { ids } = JSON.parse(data)
    if (shown === undefined || ids === null || ids.includes(Number(shown))) refreshSoon()
  })
  let opened = false
  source.addEventListener('open', () => {
    // Changes during a break were not sent to this page.
    if (opened) refreshSoon()
    opened = true
  })
  source.addEventListener('error', () => {
    if (source?.readyState !== EventSource.CLOSED) return
    unfollow()
    setTimeout(follow, RETRY_MS)
  })
}

function unfollow() {
  source?.close()
  source = undefined
}

function refreshWhileStale() {
  if (main.querySelector('.stale-note')) setTimeout(refreshSoon, STALE_MS)
}

function refreshSoon() {
  outdated = true
  timer ??= setTimeout(refresh, Math.max(0, lastMs + EVERY_MS - performance.now()))
}

async function refresh() {
  outdated = false
  lastMs = performance.now()
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } })
    // Not while the server is in trouble: what stands here is better than its apology.
    if (response.ok || response.status === 404) {
      swap(await parse(response))
      refreshWhileStale()
    } else setTimeout(refreshSoon, RETRY_MS)
  } catch {
    setTimeout(refreshSoon, RETRY_MS)
  }
  timer = undefined
  if (outdated) refreshSoon()
}

/** A parsed document runs no script and loads nothing. */
async function parse(response) {
  return new DOMParser().parseFromString(await response.text(), 'text/html')
}

function swap(next) {
  const nextMain = next.querySelector('main')
  swapElement(main.querySelector('.stale-note'), nextMain.querySelector('.stale-note'), main)
  const [rows, nextRows] = [main.querySelector('#list tbody'), nextMain.querySelector('#list tbody')]
  if (rows && nextRows) {
    keepingPlace(rows, () => swapRows(rows, nextRows))
    main.querySelector('.pager').replaceWith(nextMain.querySelector('.pager'))
  } else if (main.querySelector('#list') && nextMain.querySelector('#list')) {
    main.querySelector('#list').replaceWith(nextMain.querySelector('#list'))
  } else swapProduct(nextMain)
}

/** Puts in, replaces or takes out what stands first in its parent, or not at all. */
function swapElement(old, next, parent) {
  if (old && next) return
  old?.remove()
  if (next) parent.prepend(next)
}

function swapProduct(nextMain) {
  const texts = new Set([...main.querySelectorAll('h1, .lead, .big, dd')].map((part) => part.textContent))
  for (const part of nextMain.querySelectorAll('h1, .lead, .big, dd'))
    if (!texts.has(part.textContent)) highlight(part)
  main.replaceChildren(...nextMain.childNodes)
}

/** Rows that are the same stay the same elements, so that focus, selection and a press of the mouse outlive it. */
function swapRows(rows, nextRows) {
  const old = new Map([...rows.rows].map((row) => [row.dataset.id, row]))
  for (const [index, nextRow] of [...nextRows.rows].entries()) {
    const same = old.get(nextRow.dataset.id)
    const isSame = same?.innerHTML === nextRow.innerHTML
    if (!isSame) highlight(nextRow)
    const row = isSame ? same : nextRow
    if (rows.rows[index] !== row) rows.insertBefore(row, rows.rows[index] ?? null)
    if (!isSame) same?.remove()
    old.delete(nextRow.dataset.id)
  }
  for (const row of old.values()) row.remove()
}

/** Focus stays with its product; the row at the upper edge stays where it is on the screen. */
function keepingPlace(rows, change) {
  const focused = rows.contains(document.activeElement)
    ? document.activeElement.closest('tr').dataset.id
    : undefined
  const edge = [...rows.rows].find((row) => row.getBoundingClientRect().bottom > 0)
  const [edgeId, top] = [edge?.dataset.id, edge?.getBoundingClientRect().top]
  const scrolled = scrollY > 0
  change()
  const find = (id) => [...rows.rows].find((row) => row.dataset.id === id)
  const stays = edgeId === undefined ? undefined : find(edgeId)
  if (scrolled && stays) scrollBy({ top: stays.getBoundingClientRect().top - top, behavior: 'instant' })
  if (focused !== undefined && !rows.contains(document.activeElement))
    find(focused)?.querySelector('a').focus({ preventScroll: true })
}

function highlight(element) {
  element.classList.add('changed')
  element.addEventListener('animationend', () => element.classList.remove('changed'), { once: true })
}

/** Fields that say nothing stay out of the address. */
document.querySelector('form.filters')?.addEventListener('formdata', ({ formData }) => {
  for (const [name, value] of [...formData])
    if (value === '' || (name === 'sort' && value === 'id')) formData.delete(name)
})

document.addEventListener('visibilitychange', () => {
  if (document.hidden) return unfollow()
  follow()
  refreshSoon()
})
addEventListener('pagehide', unfollow)
addEventListener('pageshow', follow)
refreshWhileStale()
