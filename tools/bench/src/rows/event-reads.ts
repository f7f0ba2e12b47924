import { Client } from 'pg'
import { isTrial, type Contest, type ContestOptions, type Row } from '../contest.ts'
import { openApp } from '../open-app.ts'
import { ProcessCosts } from '../process-costs.ts'
import { DAY_MS, fillEvents, yesterdayMs } from '../reads/fill-events.ts'
import { openNats, openPostgres } from '../stores.ts'
import { timeInTurn } from '../time-in-turn.ts'

interface BenchQuery {
  readonly table: 'log' | 'metric'
  /** What a person asks; the range is added. */
  readonly path: string
  /** The least that answers it; $1 and $2 are the range. */
  readonly sql: string
  /** Within which an answer is meant to come, 99 times of 100. */
  readonly p99Ms?: number
}

/** A day of this many events. */
const rowsFor = (seconds: number) => (isTrial(seconds) ? 20_000 : 1_000_000)
const RANGE = 'occurred_at >= $1 and occurred_at < $2'

const row = (title: string, ceiling: string, aim: number, query: BenchQuery): Row => ({
  title: `${title}, 1M of a day`,
  ceiling,
  unit: 'requests/s',
  aim,
  ...(query.p99Ms !== undefined && { p99Aim: { ms: query.p99Ms } }),
  open: (options) => openReads(options, query),
})

export const logPage = row('First page of logs', 'their rows by the index, in SQL', 0.2, {
  table: 'log',
  path: '/api/v1/logs?limit=100',
  sql: `select * from log where ${RANGE} order by occurred_at desc, id desc limit 100`,
  p99Ms: 50,
})

export const logCounts = row('Counts of logs by level and time', 'their number alone, in SQL', 0.4, {
  table: 'log',
  path: '/api/v1/logs/stats?step=10m',
  sql: `select count(*) from log where ${RANGE}`,
  p99Ms: 150,
})

export const logSearch = row('Counts of logs with a word', 'a case-sensitive search for it, in SQL', 0.4, {
  table: 'log',
  path: '/api/v1/logs/stats?step=10m&q=timeout',
  sql: `select count(*) from log where ${RANGE} and message like '%TIMEOUT%'`,
  p99Ms: 600,
})

/** One entry of the day has it. */
export const logByAttribute = row('Page of logs by a rare attribute', 'the same rows, in SQL', 0.4, {
  table: 'log',
  path: '/api/v1/logs?limit=100&attr.n=5000',
  sql: `select * from log where ${RANGE} and data->>'n' = '5000' order by occurred_at desc, id desc limit 100`,
  p99Ms: 500,
})

export const metricSeries = row('Series of one metric of 20', 'the average of its values, in SQL', 0.4, {
  table: 'metric',
  path: '/api/v1/metrics/series?name=cpu.load.1&step=10m',
  sql: `select avg(value) from metric where name = 'cpu.load.1' and ${RANGE}`,
})

/** One request after the other. */
async function openReads(
  { stack, seconds }: ContestOptions,
  { table, path, sql }: BenchQuery,
): Promise<Contest> {
  const costs = new ProcessCosts()
  const [nats, postgres] = await Promise.all([openNats(stack, costs), openPostgres(stack, costs)])
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  stack.defer(() => client.end())
  const dayMs = yesterdayMs(Date.now())
  await fillEvents(client, table, rowsFor(seconds), dayMs)
  const env = { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: 'redis://127.0.0.1:1' }
  const query = await openApp(stack, costs, 'query-api', env)
  costs.watch('bench', process.pid, 'ceiling')
  const range = [dayMs, dayMs + DAY_MS].map((ms) => new Date(ms).toISOString())
  const url = `${query.url}${path}&from=${range[0]}&to=${range[1]}`
  return {
    costs,
    ceiling: () =>
      costs.measure(() => timeInTurn(seconds, async () => (await client.query(sql, range)).rows.length > 0)),
    runnel: () =>
      costs.measure(() =>
        timeInTurn(seconds, async () => {
          const response = await fetch(url)
          return response.ok && (await response.text()).length > 100
        }),
      ),
  }
}
