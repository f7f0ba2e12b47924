import type { Contest, ContestOptions, Row } from '../contest.ts'
import { createGrowthContest, createGrowthRow, growthSizes } from '../growth-contest.ts'
import { measureRequests } from '../http-contest.ts'
import type { Target } from '../load/load-generator.ts'
import { IdWalk } from '../load/id-walk.ts'
import { ProcessCosts } from '../process-costs.ts'
import { DAY_MS, fillEvents, yesterdayMs } from '../reads/fill-events.ts'
import { fillProducts } from '../reads/fill-products.ts'
import { openGrowingStore } from '../reads/growing-store.ts'
import { withClient } from '../reads/with-client.ts'

/** Values of the metric that is read, however many metrics there are. */
const VALUES_OF_A_METRIC = 500

/** What is asked beside more and more rows. */
interface BenchQuery {
  readonly title: string
  /** @param url of an empty database */
  fill(url: string, rows: number): Promise<void>
  /** What is asked of a query-api. */
  target(rows: number): Target
}

const dayMs = yesterdayMs(Date.now())
const range = `from=${new Date(dayMs).toISOString()}&to=${new Date(dayMs + DAY_MS).toISOString()}`

const fillCatalogue = (url: string, rows: number) => withClient(url, (client) => fillProducts(client, rows))

export const growthOfProduct = growthRow({
  title: 'GET products by id, uncached',
  fill: fillCatalogue,
  target: (rows) => ({ url: '/api/v1/products/{id}', ids: new IdWalk(rows) }),
})

/** 49 products: the page of 50 is cached. */
export const growthOfProductList = growthRow({
  title: 'GET the first page of products, uncached',
  fill: fillCatalogue,
  target: () => ({ url: '/api/v1/products?limit=49' }),
})

export const growthOfLogPage = growthRow({
  title: 'GET the first page of logs of a day',
  fill: (url, rows) => withClient(url, (client) => fillEvents(client, 'log', rows, dayMs)),
  target: () => ({ url: `/api/v1/logs?limit=100&${range}` }),
})

/** More rows are more metrics: the one that is asked for has as many values everywhere. */
export const growthOfMetricSeries = growthRow({
  title: `GET a series of ${VALUES_OF_A_METRIC} values of a day`,
  fill: (url, rows) =>
    withClient(url, (client) => {
      const names = Math.ceil(rows / VALUES_OF_A_METRIC)
      return fillEvents(client, 'metric', rows, dayMs, names)
    }),
  target: () => ({ url: `/api/v1/metrics/series?name=cpu.load.0&step=10m&${range}` }),
})

function growthRow(query: BenchQuery): Row {
  const { title } = query
  return createGrowthRow({ title, unit: 'requests/s', open: (options) => openGrowth(options, query) })
}

async function openGrowth(
  { stack, generator, seconds }: ContestOptions,
  { fill, target }: BenchQuery,
): Promise<Contest> {
  const costs = new ProcessCosts()
  const sizes = growthSizes(seconds)
  const urls = await openGrowingStore({ stack, costs, sizes, fill })
  const targets = new Map(
    [...urls].map(([rows, url]) => [rows, { ...target(rows), url: url + target(rows).url }] as const),
  )
  return createGrowthContest(costs, sizes, (rows) =>
    costs.measure(() => measureRequests(generator, targets.get(rows)!, seconds)),
  )
}
