import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { residentMb } from '../resident-mb.ts'
import type { MailingPlatform } from './start-mailing-platform.ts'

/** What the dispatchers took over a while. */
export interface Effort {
  /** Of one core, the most that a dispatcher used on average. */
  readonly cpuShare: number
  /** Resident memory at the end, of the largest. */
  readonly residentMb: number
  readonly walBytesPerSecond: number
  readonly transactionsPerMinute: number
  /** Inserted, updated and deleted. */
  readonly rowsPerMinute: number
}

/** Of USER_HZ, which Linux has fixed for programs. */
const TICK_MS = 10
/** Counts of a backend reach the server's view at most a second after its last statement. */
const COUNTS = `
  select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as wal, xact_commit::float8 as transactions,
    (tup_inserted + tup_updated + tup_deleted)::float8 as rows
  from pg_stat_database where datname = current_database()`

interface DatabaseCounts {
  readonly wal: number
  readonly transactions: number
  readonly rows: number
}

/** Looks at the beginning and at the end of some seconds. */
export async function sampleEffort(
  { postgres, dispatchers }: MailingPlatform,
  seconds: number,
): Promise<Effort> {
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  try {
    const pids = dispatchers.map(({ pid }) => pid!)
    const counts = async () => (await client.query<DatabaseCounts>(COUNTS)).rows[0]!
    const [before, cpuBefore] = [await counts(), pids.map(cpuMs)]
    const from = performance.now()
    await sleep(seconds * 1000)
    const [after, cpuAfter] = [await counts(), pids.map(cpuMs)]
    const ms = performance.now() - from
    return {
      cpuShare: Math.max(...pids.map((_, i) => (cpuAfter[i]! - cpuBefore[i]!) / ms)),
      residentMb: Math.max(...pids.map((pid) => residentMb(pid) ?? 0)),
      walBytesPerSecond: ((after.wal - before.wal) * 1000) / ms,
      transactionsPerMinute: ((after.transactions - before.transactions) * 60_000) / ms,
      rowsPerMinute: ((after.rows - before.rows) * 60_000) / ms,
    }
  } finally {
    await client.end()
  }
}

function cpuMs(pid: number): number {
  // The second field is the program's name, in parentheses, and may hold blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
