import { connectForCommand, requireMigrated } from '@runnel/repositories-database'
import { readSettings, runCommand, userName } from '@runnel/runtime'
import { parseArgs } from 'node:util'
import { runKeys } from './cli/run-keys.ts'
import { USAGE } from './cli/usage.ts'
import { dispatcherKeySettings } from './settings.ts'

const OPTIONS = {
  name: { type: 'string' },
  scopes: { type: 'string' },
  role: { type: 'string' },
  test: { type: 'boolean' },
  expires: { type: 'string' },
  network: { type: 'string', multiple: true },
  namespace: { type: 'string' },
  quota: { type: 'string', multiple: true },
  overlap: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const

/** `npm run keys`: API keys for a person at the server, also where no key is at hand. */
async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  if (values.help || args.length === 0) return console.log(USAGE)
  const { max } = readSettings({ max: dispatcherKeySettings.max }, process.env)
  const database = await connectForCommand(process.env, {
    ...{ name: 'keys', folder: values['data-dir'], statementTimeoutMs: 10_000 },
  })
  try {
    await requireMigrated(database)
    const context = {
      ...{ database, maxKeys: max, actor: `npm run keys: ${userName()}`, nowMs: Date.now() },
      ...{ out: console.log, say: console.error },
    }
    await runKeys(context, positionals, values)
  } finally {
    await database.close()
  }
}

await runCommand(() => run(process.argv.slice(2)))
