import type { Client } from 'pg'

/** Events of one day, of which there is a million where it counts. Text and levels as services write them. */
const COMMON = `
  insert into %TABLE% select
    (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
    to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0), %COLUMNS%
  from (select n, $1::bigint + n * $3::bigint / $2::bigint as ms from generate_series(0, $2::bigint - 1) n) s`

const LOG_COLUMNS = `
  (array['info', 'info', 'info', 'info', 'info', 'info', 'info', 'debug', 'warn', 'error'])[1 + n * 7919 % 10],
  (array['shop', 'bank', 'auth', 'mail'])[1 + n * 31 % 4],
  'Request completed for order ' || n || ' in ' || n % 900 || ' ms from host web-' || n % 50
    || case when n % 1000 = 0 then ' TIMEOUT while waiting' else '' end,
  jsonb_build_object('n', n, 'attributes', jsonb_build_object('user', n % 5000, 'trace', md5(n::text)))`

const METRIC_COLUMNS = `
  'cpu.load.' || n % %NAMES%, n * 7919 % 100003 / 100.0, 'percent', jsonb_build_object('host', 'web-' || n % 50),
  jsonb_build_object('value', n), null`

export const DAY_MS = 86_400_000

/** @returns midnight of the day before, in milliseconds since 1970 */
export function yesterdayMs(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS - DAY_MS
}

/**
 * @param dayMs midnight of the day, milliseconds since 1970
 * @param names of metrics, which take turns
 */
export async function fillEvents(
  client: Client,
  table: 'log' | 'metric',
  rows: number,
  dayMs: number,
  names = 20,
): Promise<void> {
  const from = new Date(dayMs).toISOString()
  const to = new Date(dayMs + DAY_MS).toISOString()
  await client.query(
    `create table if not exists ${table}_bench partition of ${table} for values from ('${from}') to ('${to}')`,
  )
  await insertEvents(client, { table, rows, fromMs: dayMs, spanMs: DAY_MS, names })
  if (table === 'log') await countLogs(client, from, to)
}

/** As the consumer counts what it stores, and has folded it. */
async function countLogs(client: Client, from: string, to: string): Promise<void> {
  for (const counts of ['log_minute', 'log_minute_delta']) {
    await client.query(
      `create table if not exists ${counts}_bench partition of ${counts} for values from ('${from}') to ('${to}')`,
    )
  }
  await client.query(
    `insert into log_minute select $1, date_trunc('minute', occurred_at), level, service, false, false, count(*)
      from log where received_at >= $1 and received_at < $2 group by 2, 3, 4`,
    [from, to],
  )
  await client.query(
    `insert into log_counted_day (received_at, holds, services, levels)
      select $1, true, array_agg(distinct service), array_agg(distinct level) from log_minute where received_at = $1`,
    [from],
  )
  await client.query('vacuum analyze log_minute')
}

export interface EventsToInsert {
  readonly table: 'log' | 'metric'
  readonly rows: number
  /** When the first one occurred and was received, milliseconds since 1970. */
  readonly fromMs: number
  /** Time that the rows are spread over. */
  readonly spanMs: number
  /** Of metrics, which take turns. */
  readonly names: number
}

/** Into partitions that are there. */
export async function insertEvents(client: Client, events: EventsToInsert): Promise<void> {
  const { table, rows, fromMs, spanMs, names } = events
  const columns = table === 'log' ? LOG_COLUMNS : METRIC_COLUMNS.replace('%NAMES%', String(names))
  const insert = COMMON.replace('%TABLE%', table).replace('%COLUMNS%', columns)
  await client.query(insert, [fromMs, rows, spanMs])
  await client.query(`vacuum analyze ${table}`)
}
