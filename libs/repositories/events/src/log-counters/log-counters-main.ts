import {
  connectForCommand,
  ensurePartitions,
  requireMigrated,
  type Database,
} from '@runnel/repositories-database'
import { runCommand } from '@runnel/runtime'
import { parseArgs } from 'node:util'
import { checkLogCounts } from './check-log-counts.ts'
import { foldLogCounts } from './fold-log-counts.ts'
import { listCountedDays, rebuildLogCounts } from './rebuild-log-counts.ts'

const USAGE = `npm run log-counters [-- --check] [-- --rebuild] [-- --data-dir <folder>]
Says of which days the counts of logs hold; the histograms of other days are read from the entries. --check: compares the counts that hold
with the entries. --rebuild: counts the entries of the other days anew; batches may be stored meanwhile. --data-dir: of npm start, which has
to be stopped for that.`

/** The whole of a large day is read. */
const TIMEOUT_MS = 3_600_000

/** `npm run log-counters`: the state of the counts of logs, and how they come to hold. */
async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean', default: false },
      rebuild: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const database = await connectForCommand(process.env, {
    ...{ name: 'log-counters', folder: values['data-dir'], statementTimeoutMs: TIMEOUT_MS },
  })
  try {
    await requireMigrated(database)
    if (values.check) await checkAll(database)
    if (values.rebuild) await rebuildAll(database)
    await report(database)
  } finally {
    await database.close()
  }
}

async function checkAll(database: Database): Promise<void> {
  for (const { dayMs, holds } of await listCountedDays(database)) {
    if (holds && !(await checkLogCounts(database, dayMs))) {
      console.log(`${dayText(dayMs)}: the counts differ from the entries, and are not used any more`)
    }
  }
}

async function rebuildAll(database: Database): Promise<void> {
  for (const { dayMs, holds } of await listCountedDays(database)) {
    if (holds) continue
    await ensurePartitions(database, [dayMs], ['log_minute_delta', 'log_minute'])
    const entries = await rebuildLogCounts(database, dayMs)
    while ((await foldLogCounts(database)).isFull);
    console.log(`${dayText(dayMs)}: ${entries} entries counted`)
  }
}

async function report(database: Database): Promise<void> {
  const days = await listCountedDays(database)
  const without = days.filter(({ holds }) => !holds).map(({ dayMs }) => dayText(dayMs))
  console.log(
    without.length === 0
      ? 'The counts of all days hold.'
      : `The counts of these days do not hold, --rebuild counts them: ${without.join(', ')}`,
  )
}

function dayText(dayMs: number): string {
  return new Date(dayMs).toISOString().slice(0, 10)
}

await runCommand(() => run(process.argv.slice(2)))
