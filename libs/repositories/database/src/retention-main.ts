import { runCommand } from '@runnel/runtime'
import { parseArgs } from 'node:util'
import { connectForCommand } from './connect-for-command.ts'
import type { Database } from './database.ts'
import { requireMigrated } from './migrator.ts'
import { confirmRetention } from './time/confirm-retention.ts'
import { describeRetention } from './time/describe-retention.ts'
import { readTimeState } from './time/time-store.ts'

const USAGE = `npm run retention [-- --confirm] [-- --data-dir <folder>]
Says whether the removal of old events is suspended, and why. --confirm: the database's clock is right, remove what is
due. --data-dir: of npm start, which has to be stopped for that.`

/** `npm run retention`: the state of retention, and a person's word that it may go on. */
async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      confirm: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const database = await connectForCommand(process.env, {
    ...{ name: 'retention', folder: values['data-dir'], statementTimeoutMs: 60_000 },
  })
  try {
    await requireMigrated(database)
    await report(database)
    if (!values.confirm) return
    console.log(
      (await confirmRetention(database))
        ? 'Confirmed: what is due is removed at the next maintenance of a consumer (MAINTENANCE_INTERVAL_MS).'
        : 'There is nothing to confirm.',
    )
  } finally {
    await database.close()
  }
}

async function report(database: Database): Promise<void> {
  const state = await readTimeState(database)
  const sentences = state ? describeRetention(state) : ['No consumer has run on this database yet.']
  console.log(sentences.length > 0 ? sentences.join('\n') : 'Old events are removed as usual.')
}

await runCommand(() => run(process.argv.slice(2)))
