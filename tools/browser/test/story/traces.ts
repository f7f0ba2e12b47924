import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { TestSession } from '../use-browser.ts'
import { postJson } from '../post-json.ts'

const TRACE = '5b8efff798038103d269b633813fc60c'
const LARGE = '6b8efff798038103d269b633813fc60c'

/** As many as a waterfall has to show without a stutter. */
const LARGE_SPANS = 10_000
const BATCH = 2500
/** Of each span three; the last row is the last child of the last child, and so on. */
const CHILDREN = 3
const LAST_ROW = 9840

const spanId = (n: number) => (n + 1).toString(16).padStart(16, '0')
const at = (ms: number) => new Date(ms).toISOString()

function createTrace(nowMs: number): object[] {
  const span = (
    n: number,
    service: string,
    name: string,
    fromMs: number,
    toMs: number,
    more: object = {},
  ) => ({
    ...{ traceId: TRACE, spanId: spanId(n), service, name },
    ...{ startTime: at(nowMs + fromMs), endTime: at(nowMs + toMs) },
    ...(n > 0 && { parentSpanId: spanId(n - 1) }),
    ...more,
  })
  return [
    span(2, 'payment', 'POST /charges', 20, 90, {
      kind: 'server',
      status: { code: 'error', message: 'the bank declined' },
      attributes: { 'order.id': 4711 },
      events: [{ time: at(nowMs + 80), name: 'declined' }],
    }),
    span(1, 'checkout', 'POST /charges', 10, 95, { kind: 'client' }),
    span(0, 'checkout', 'POST /orders', 0, 100, { kind: 'server' }),
  ]
}

function createLargeTrace(nowMs: number): object[] {
  return Array.from({ length: LARGE_SPANS }, (_, n) => ({
    ...{ traceId: LARGE, spanId: spanId(n), service: `worker-${n % 12}`, name: `step ${n}` },
    ...(n > 0 && { parentSpanId: spanId(Math.floor((n - 1) / CHILDREN)) }),
    ...{ startTime: at(nowMs + n), endTime: at(nowMs + n + 5) },
  }))
}

/** No traces, then one that is found, its waterfall, a span of it, and the log that was written in it. */
export async function openTrace({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/traces')
  if (!environment.hasSample) {
    await page.getByText('There are no traces in this range').waitFor()
    await inspect(`${environment.name}-traces-empty`)
  }
  await postJson(`${environment.ingest}/api/v1/traces?wait=stored`, createTrace(Date.now()))
  await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, {
    ...{ level: 'error', service: 'payment', message: 'card declined', traceId: TRACE, spanId: spanId(2) },
  })
  await page.getByRole('combobox', { name: 'Service' }).fill('payment')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('true')
  await page.getByRole('table', { name: 'Traces' }).waitFor()
  await inspect(`${environment.name}-traces`)
  await page.getByRole('link', { name: 'POST /orders' }).first().click()
  const tree = page.getByRole('tree')
  await tree.getByRole('treeitem', { name: /payment POST \/charges .*failed/ }).click()
  const panel = page.getByRole('complementary')
  await panel.getByText('the bank declined').first().waitFor()
  await panel.getByRole('link', { name: 'card declined' }).waitFor()
  await inspect(`${environment.name}-trace`)
  await panel.getByRole('link', { name: 'card declined' }).click()
  await page.getByRole('complementary').getByRole('link', { name: TRACE }).click()
  await tree.waitFor()
}

/** Services with what they were asked for, and a trace of ten thousand spans that scrolls and folds by keyboard. */
export async function seeServices({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await eventually(async () => {
    await go('/console/traces?view=services')
    await page.getByRole('table', { name: 'Services', exact: true }).waitFor()
    return (await page.getByRole('table', { name: 'Calls between services' }).count()) === 1
  })
  await page.getByRole('row', { name: /checkout.*payment/ }).waitFor()
  await inspect(`${environment.name}-services`)
  const spans = createLargeTrace(Date.now())
  for (let from = 0; from < spans.length; from += BATCH) {
    await postJson(`${environment.ingest}/api/v1/traces?wait=stored`, spans.slice(from, from + BATCH))
  }
  await go(`/console/traces?trace=${LARGE}`)
  const tree = page.getByRole('tree')
  await tree.getByRole('treeitem', { name: / step 0 / }).waitFor()
  expect(await tree.getByRole('treeitem').count()).toBeLessThan(200)
  await tree.focus()
  await page.keyboard.press('End')
  await eventually(
    async () => (await tree.getByRole('treeitem', { name: new RegExp(` step ${LAST_ROW} `) }).count()) === 1,
  )
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowLeft')
  await eventually(async () => (await tree.getByRole('treeitem').count()) === 1)
  await inspect(`${environment.name}-trace-folded`)
}
