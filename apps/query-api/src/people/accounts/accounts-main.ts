import { connectForCommand, requireMigrated } from '@runnel/repositories-database'
import { acceptedSecrets, readSettings, runCommand, userName } from '@runnel/runtime'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { settings } from '../../config.ts'
import { runAccounts } from './cli/run-accounts.ts'
import { USAGE } from './cli/usage.ts'
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
  const { identitySecret, identitySecretSecond } = settings.access
  const { max, first, second } = readSettings(
    { max: maxAccounts, first: identitySecret, second: identitySecretSecond },
    process.env,
  )
  const database = await connectForCommand(process.env, {
    ...{ name: 'accounts', folder: values['data-dir'], statementTimeoutMs: 10_000 },
  })
  try {
    await requireMigrated(database)
    const context = {
      ...{
        database,
        secrets: acceptedSecrets(first, second),
        maxAccounts: max,
        actor: `npm run accounts: ${userName()}`,
      },
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

await runCommand(() => run(process.argv.slice(2)))
