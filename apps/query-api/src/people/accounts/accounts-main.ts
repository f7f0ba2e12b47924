import { AppError } from '@runnel/contracts'
import { connectDatabase, connectPGlite, requireMigrated, type Database } from '@runnel/repositories-database'
import { ConfigError, databaseConnectionSettings, readSettings } from '@runnel/runtime'
import { userInfo } from 'node:os'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { settings } from '../../config.ts'
import { runAccounts } from './cli/run-accounts.ts'
import { USAGE, UsageError } from './cli/usage.ts'
import { maxAccounts } from './settings.ts'

const OPTIONS = {
  role: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const

/** `npm run accounts`: local accounts, for a person at the server. */
async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  if (values.help || args.length === 0) return console.log(USAGE)
  const { max, secret } = readSettings(
    { max: maxAccounts, secret: settings.access.identitySecret },
    process.env,
  )
  const database = await connect(values['data-dir'])
  try {
    await requireMigrated(database)
    const context = {
      ...{ database, secret, maxAccounts: max, actor: `npm run accounts: ${userName()}` },
      readPassword: values['password-stdin']
        ? async () => (await text(process.stdin)).replace(/\r?\n$/, '')
        : undefined,
      out: console.log,
    }
    await runAccounts(context, positionals, values)
  } finally {
    await database.close()
  }
}

async function connect(folder: string | undefined): Promise<Database> {
  if (folder === undefined)
    return connectDatabase({
      ...readSettings(databaseConnectionSettings, process.env),
      ...{ applicationName: 'runnel-accounts', poolSize: 1, statementTimeoutMs: 10_000 },
    })
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
  const isExpected = error instanceof UsageError || error instanceof AppError || error instanceof ConfigError
  console.error(isExpected ? error.message : error)
  process.exitCode = 1
}
