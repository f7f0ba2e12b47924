import { connectDatabase, connectPGlite, requireMigrated, type Database } from '@runnel/repositories-database'
import { databaseConnectionSettings, readSettings } from '@runnel/runtime'
import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { describeProblem } from './cli/read-input.ts'
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
  const database = await connect(values['data-dir'])
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

async function connect(folder: string | undefined): Promise<Database> {
  if (folder === undefined) {
    const connection = readSettings(databaseConnectionSettings, process.env)
    return connectDatabase({
      ...connection,
      applicationName: 'runnel-keys',
      poolSize: 1,
      statementTimeoutMs: 10_000,
    })
  }
  const onFatal = (error: unknown): never => {
    throw error
  }
  return connectPGlite({ folder, create: false, onFatal })
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  console.error(describeProblem(error))
  process.exitCode = 1
}
