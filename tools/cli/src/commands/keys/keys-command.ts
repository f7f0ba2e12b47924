import {
  formatKeys,
  readDuration,
  readInput,
  showKeyName,
  type CreateOptions,
} from '@runnel/message-dispatcher/keys'
import { ROLES } from '@runnel/contracts'
import { Command, Option } from 'commander'
import type { CliContext } from '../../cli-context.ts'
import { connect } from '../../connection/connect.ts'
import { requireData } from '../../connection/problem.ts'
import { addConnectionOptions, type ConnectionOptions } from '../../options/connection-options.ts'
import { note, printJson, printLine } from '../../output/print.ts'

interface RotateOptions extends ConnectionOptions {
  readonly overlap: string
}

const HELP = `
These ask the routes, and need a key with keys:read or keys:write. Without one at hand: npm run keys at the server, straight in PostgreSQL.
A new key is printed alone on standard output, this once; it is stored nowhere.`

const list = (value: string, values: readonly string[] = []) => [...values, value]

export function createKeysCommand(context: CliContext): Command {
  return new Command('keys')
    .description('API keys: list, create, rotate, revoke')
    .addHelpText('after', HELP)
    .addCommand(createListCommand(context))
    .addCommand(createCreateCommand(context))
    .addCommand(createRotateCommand(context))
    .addCommand(createRevokeCommand(context))
}

function createListCommand(context: CliContext): Command {
  return addConnectionOptions(new Command('list').description('all keys, without their secrets')).action(
    async (options: ConnectionOptions) => {
      const { items } = requireData(await connect(options, context).dispatcher.GET('/api/v1/keys'))
      if (!options.json) return printLine(context, formatKeys(items, 'runnel keys'))
      for (const key of items) await printJson(context, key)
    },
  )
}

function createCreateCommand(context: CliContext): Command {
  const command = new Command('create')
    .description('make a key')
    .requiredOption('--name <text>', 'what it is for')
    .option('--scopes <list>', 'what it may do, e.g. logs:write,metrics:write; docs/SECURITY.md lists them')
    .addOption(new Option('--role <role>', 'the scopes of a role, in place of --scopes').choices(ROLES))
    .option('--test', 'its mailings never reach a channel')
    .option('--expires <when>', '90d, or a time such as 2030-01-01T00:00:00Z (default: never)')
    .option('--network <network>', 'accepted from there alone, e.g. 10.0.0.0/8; may be repeated', list)
    .option('--namespace <name>', 'of its idempotency keys')
    .option(
      '--quota <name=n>',
      'requests, events, bytes (a second), reads, tails, exports; may be repeated',
      list,
    )
  return addConnectionOptions(command).action(async (options: CreateOptions & ConnectionOptions) => {
    const body = readInput(options, context.nowMs())
    const key = requireData(await connect(options, context).dispatcher.POST('/api/v1/keys', { body }))
    await printSecret(key, options, context)
  })
}

function createRotateCommand(context: CliContext): Command {
  const command = new Command('rotate')
    .description('print another secret; the old one stays valid for a while')
    .argument('<id>', 'of the key: 16 characters, as keys list shows it')
    .option('--overlap <time>', 'how long the old secret stays valid; 0: it ends at once', '24h')
  return addConnectionOptions(command).action(async (id: string, options: RotateOptions) => {
    const overlapSeconds = readDuration(options.overlap, '--overlap') / 1000
    const { dispatcher } = connect(options, context)
    const rotated = await dispatcher.POST('/api/v1/keys/{id}/rotate', {
      params: { path: { id } },
      body: { overlapSeconds },
    })
    const key = requireData(rotated)
    await printSecret(key, options, context)
    if (!options.json)
      note(
        context,
        key.oldSecretUntil === null
          ? 'The old secret has ended.'
          : `The old secret stays valid until ${key.oldSecretUntil}.`,
      )
  })
}

function createRevokeCommand(context: CliContext): Command {
  const command = new Command('revoke')
    .description('end a key for good; within 5 seconds no replica accepts it')
    .argument('<id>', 'of the key')
  return addConnectionOptions(command).action(async (id: string, options: ConnectionOptions) => {
    const { dispatcher } = connect(options, context)
    const key = requireData(await dispatcher.POST('/api/v1/keys/{id}/revoke', { params: { path: { id } } }))
    if (options.json) return printJson(context, key)
    note(context, `Revoked: ${showKeyName(key.name)} (${id}). Within 5 seconds no replica accepts it.`)
  })
}

async function printSecret(
  key: { readonly id: string; readonly name: string; readonly key: string },
  { json }: ConnectionOptions,
  context: CliContext,
): Promise<void> {
  if (json) return printJson(context, key)
  await printLine(context, key.key)
  note(context, `The key of ${showKeyName(key.name)} (${key.id}). It is shown this once and stored nowhere.`)
}
