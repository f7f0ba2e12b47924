import type { EventKind } from '@runnel/client'
import { AppError, isJsonObject, KINDS } from '@runnel/contracts'
import { readJson } from '@runnel/json'
import { secondsOption } from '@runnel/producer-sim/cli'
import { MAX_ENTRY_BYTES, splitLines } from '@runnel/producer-sim/sources'
import { Argument, Command, Option } from 'commander'
import { randomUUID } from 'node:crypto'
import { addAbortSignal } from 'node:stream'
import type { CliContext } from '../../cli-context.ts'
import { usageError } from '../../cli-error.ts'
import { connect } from '../../connection/connect.ts'
import { EXIT } from '../../exit-codes.ts'
import { addConnectionOptions, type ConnectionOptions } from '../../options/connection-options.ts'
import { note } from '../../output/print.ts'
import { deliver, describeDelivery, type DeliveryReport } from './deliver.ts'
import { addIngestOption, findIngest, type IngestOptions } from './find-ingest.ts'
import { readJsonLines } from './read-json-lines.ts'
import type { SendItem } from './send-item.ts'

/** What all commands have that send events. */
export interface DeliveryOptions extends ConnectionOptions, IngestOptions {
  readonly wait?: 'stored'
  /** Milliseconds. */
  readonly giveUpAfter: number
}

interface SendOptions extends DeliveryOptions {
  readonly text?: boolean
  readonly level?: string
  readonly service?: string
}

const GIVE_UP_MS = 300_000

const HELP = `
Events are JSON objects as the routes of ingest-api take them, one a line of standard input or one an argument. Each
gets an eventId where it has none, so that what is sent again is stored once.

  runnel send logs 'order 7 was refused' --level error --service shop
  runnel send metrics '{"data":{"name":"temperature","value":21.5}}'
  tail -F app.log | runnel send logs --text --service app
  runnel send products --wait stored < products.ndjson`

/** Adds what all commands have that send events. */
export function addDeliveryOptions(command: Command): Command {
  addIngestOption(command)
    .addOption(new Option('--wait <what>', 'count an event once it is in PostgreSQL').choices(['stored']))
    .addOption(
      secondsOption(
        '--give-up-after <s>',
        'seconds to keep trying while the server is busy or away',
        GIVE_UP_MS,
      ),
    )
  return addConnectionOptions(command)
}

export function createSendCommand(context: CliContext): Command {
  const command = new Command('send')
    .description('send events')
    .addArgument(new Argument('<kind>', 'what they are').choices(KINDS))
    .argument('[event...]', 'events as JSON, or messages of logs (default: lines of standard input)')
    .option('--text', 'every line is the message of a log, not JSON')
    .option('--level <level>', 'of logs that name none')
    .option('--service <name>', 'of logs that name none')
  return addDeliveryOptions(command)
    .addHelpText('after', HELP)
    .action((kind: EventKind, events: string[], options: SendOptions) => send(kind, events, options, context))
}

async function send(
  kind: EventKind,
  events: string[],
  options: SendOptions,
  context: CliContext,
): Promise<void> {
  const { text, level, service } = options
  const isLog = kind === 'logs'
  if (!isLog && (text || level !== undefined || service !== undefined))
    throw usageError('--text, --level and --service are for logs alone')
  // All of them first: a wrong one is named before anything is sent.
  const given = events.map((event, index) => ({
    position: index + 1,
    item: readArgument(event, isLog, text),
  }))
  if (given.length === 0 && context.input.isTTY)
    note(context, 'Reading events from the terminal; Ctrl-D ends them.')
  const connection = connect(options, context)
  const url = await findIngest(options, connection, context)
  const items = given.length > 0 ? each(given) : readInput(context, text ? 'text' : 'json')
  const report = await deliver(
    withDefaults(items, isLog ? { level, service } : {}),
    {
      ...{ kind, url, key: connection.target.key, timeoutMs: options.timeout },
      ...{ giveUpMs: options.giveUpAfter, wait: options.wait },
      ...{ idPrefix: `cli:${randomUUID()}:`, total: given.length, label: 'send' },
    },
    context,
  )
  printReport(report, kind, options, context)
}

/** Prints how it went; the exit code says whether all was delivered. */
export function printReport(
  report: DeliveryReport,
  kind: EventKind,
  { json }: ConnectionOptions,
  context: CliContext,
): void {
  if (report.undelivered > 0) context.exitWith(EXIT.failed)
  // Also after Ctrl-C.
  if (json) return void context.out.write(`${JSON.stringify(report)}\n`)
  for (const line of describeDelivery(report, kind)) note(context, line)
}

function readArgument(text: string, isLog: boolean, isText = false) {
  if (isText || (isLog && !text.trimStart().startsWith('{'))) return { message: text }
  try {
    const item = readJson(text)
    if (isJsonObject(item)) return item
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
  throw usageError(`This is no event: ${text.slice(0, 100)}`, 'Give each one as a JSON object, in quotes')
}

async function* each(items: readonly SendItem[]): AsyncGenerator<SendItem> {
  yield* items
}

/** Ends with the signal, whatever the other end of the pipe does. */
async function* readInput({ input, signal }: CliContext, form: 'json' | 'text'): AsyncGenerator<SendItem> {
  try {
    const chunks = addAbortSignal(signal, input) as AsyncIterable<Buffer>
    yield* readJsonLines(splitLines(chunks, MAX_ENTRY_BYTES), form)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function* withDefaults(
  items: AsyncIterable<SendItem>,
  { level, service }: { readonly level?: string | undefined; readonly service?: string | undefined },
): AsyncGenerator<SendItem> {
  const defaults = { ...(level !== undefined && { level }), ...(service !== undefined && { service }) }
  for await (const item of items)
    yield 'item' in item ? { ...item, item: { ...defaults, ...item.item } } : item
}
