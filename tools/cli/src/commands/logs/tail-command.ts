import type { JsonValue } from '@runnel/contracts'
import { formatSeconds, wholeNumber } from '@runnel/producer-sim/cli'
import { pause } from '@runnel/runtime'
import { Command } from 'commander'
import type { EventSourceMessage } from 'eventsource-parser'
import type { CliContext } from '../../cli-context.ts'
import { CliError } from '../../cli-error.ts'
import { connect, type Connection } from '../../connection/connect.ts'
import { EXIT } from '../../exit-codes.ts'
import { addConnectionOptions, type ConnectionOptions } from '../../options/connection-options.ts'
import { createPaint } from '../../output/colours.ts'
import { note, printLine } from '../../output/print.ts'
import { explainQuery } from './explain-query.ts'
import { formatEntry } from './format-entry.ts'
import type { LogEntry } from './log-entry.ts'
import { createRecentIds } from './recent-ids.ts'
import { readTail } from './read-tail.ts'
import { searchPages } from './search-pages.ts'

interface TailOptions extends ConnectionOptions {
  readonly lines: number
}

const HOUR_MS = 3_600_000
const MAX_LINES = 10_000
const FIRST_RETRY_MS = 500
const MAX_RETRY_MS = 15_000

const HELP = `
The query is one argument, in quotes, as for search: runnel tail 'level:>=warn -service:cron'
A lost connection is made again, and goes on where it broke off. Ctrl-C ends it.`

export function createTailCommand(context: CliContext): Command {
  const command = new Command('tail')
    .description('follow log entries as they are stored')
    .argument('[query]', 'in the query language of logs (default: all entries)', '')
    .option('-n, --lines <n>', 'entries of the last hour to begin with', wholeNumber(0, MAX_LINES), 10)
  return addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((query: string, options: TailOptions) => tail(query, options, context))
}

async function tail(query: string, options: TailOptions, context: CliContext): Promise<void> {
  const connection = connect(options, context)
  const show = createShow(options, context)
  let isFirst = true
  let retryMs = FIRST_RETRY_MS
  const subscription = {
    ...{ target: connection.target, query },
    onOpen: async () => {
      // After the stream has begun, so that nothing falls between the two.
      if (isFirst)
        for (const entry of await readLast(connection, query, options.lines, context)) await show.entry(entry)
      isFirst = false
      retryMs = FIRST_RETRY_MS
    },
    onEvent: show.event,
  }
  while (!context.signal.aborted) {
    try {
      await readTail(subscription, context.signal)
      note(context, 'The server has ended the stream.')
    } catch (error) {
      const isPassing = error instanceof CliError && error.exitCode === EXIT.unavailable && !isFirst
      if (!isPassing) throw explainQuery(error, query)
      note(context, error.message)
    }
    note(context, `Connecting again in ${formatSeconds(retryMs)}.`)
    await pause(retryMs, context.signal)
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
  }
}

/** @returns the last entries of the past hour, the oldest first */
async function readLast(
  connection: Connection,
  query: string,
  limit: number,
  { nowMs }: CliContext,
): Promise<readonly LogEntry[]> {
  const to = new Date(nowMs() + HOUR_MS).toISOString()
  const from = new Date(nowMs() - HOUR_MS).toISOString()
  const entries: LogEntry[] = []
  for await (const { items } of searchPages(connection, { query, from, to, limit })) entries.push(...items)
  return entries.reverse()
}

function createShow({ json }: TailOptions, context: CliContext) {
  const paint = createPaint(context.out, context.env)
  const ids = createRecentIds()
  const print = async (entry: LogEntry, text: string) => {
    // After a new connection, entries of the last seconds come twice.
    if (ids.isNew(entry.id)) await printLine(context, json ? text : formatEntry(entry, paint))
  }
  return {
    entry: (entry: LogEntry) => print(entry, JSON.stringify(entry)),
    event: async ({ event, data }: EventSourceMessage) => {
      // As it came, so that numbers keep every digit.
      if (event === 'log') return print(JSON.parse(data) as LogEntry, data)
      if (event === 'dropped') note(context, describeGap(JSON.parse(data) as JsonValue))
    },
  }
}

function describeGap(gap: JsonValue): string {
  const { count = 0, missed = 0 } = gap as { readonly count?: number; readonly missed?: number }
  return `${count} entries that match were left out, for they came faster than they were read; ${missed} of any kind were missed. runnel search has them.`
}
