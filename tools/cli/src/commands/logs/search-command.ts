import { formatCount, secondsOption, wholeNumber } from '@runnel/producer-sim/cli'
import { Command } from 'commander'
import type { CliContext } from '../../cli-context.ts'
import { connect, type Connection } from '../../connection/connect.ts'
import { addConnectionOptions, type ConnectionOptions } from '../../options/connection-options.ts'
import { TIME_HELP, timeOption } from '../../options/parse-time.ts'
import { createPaint } from '../../output/colours.ts'
import { createStatusLine } from '../../output/status-line.ts'
import { note, printJson, printLine } from '../../output/print.ts'
import { explainQuery } from './explain-query.ts'
import { formatEntry } from './format-entry.ts'
import { searchPages, type FoundPage, type LogSearch } from './search-pages.ts'

interface SearchOptions extends ConnectionOptions {
  readonly from?: string
  readonly to?: string
  readonly limit: number
  readonly cursor?: string
  readonly searchFor: number
}

/** How far a search came. */
interface Outcome {
  readonly found: number
  readonly last: FoundPage | undefined
}

const DAY_MS = 86_400_000
const SEARCH_MS = 60_000
const MAX_LIMIT = 1_000_000

const HELP = `
The query is one argument, in quotes; docs/LOG-QUERIES.md describes the language. One that begins with a minus stands behind --.

  runnel search 'level:error service:api* -timeout' --from -1h
  runnel search 'status:>=500' --from 2030-01-31T12:00:00Z --to 2030-01-31T13:00:00Z --json
  runnel search -- '-level:debug'

Entries come the newest first. At the end it is said how far back was searched, and the cursor that goes on from there.`

export function createSearchCommand(context: CliContext): Command {
  const command = new Command('search')
    .description('find log entries')
    .argument('[query]', 'in the query language of logs (default: all entries)', '')
    .option('--from <time>', `${TIME_HELP} (default: 24 hours before --to)`, timeOption(context.nowMs))
    .option(
      '--to <time>',
      'the same; entries of that moment are left out (default: now)',
      timeOption(context.nowMs),
    )
    .option('--limit <n>', 'most entries', wholeNumber(1, MAX_LIMIT), 100)
    .option('--cursor <text>', 'go on where an earlier search with the same query ended')
    .addOption(
      secondsOption('--search-for <s>', 'seconds after which it ends with what it has found', SEARCH_MS),
    )
  return addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((query: string, options: SearchOptions) => search(query, options, context))
}

async function search(query: string, options: SearchOptions, context: CliContext): Promise<void> {
  const to = options.to ?? new Date(context.nowMs()).toISOString()
  const from = options.from ?? new Date(Date.parse(to) - DAY_MS).toISOString()
  const { limit, cursor } = options
  const wanted: LogSearch = { query, from, to, limit, cursor }
  const outcome = await printPages(connect(options, context), wanted, options, context)
  report(outcome, wanted, options, context)
}

async function printPages(
  connection: Connection,
  wanted: LogSearch,
  { json, searchFor }: SearchOptions,
  context: CliContext,
): Promise<Outcome> {
  const paint = createPaint(context.out, context.env)
  const status = createStatusLine(context.err)
  const endMs = context.nowMs() + searchFor
  let found = 0
  let last: FoundPage | undefined
  try {
    for await (const page of searchPages(connection, wanted)) {
      last = page
      status.clear()
      for (const entry of page.items)
        await (json ? printJson(context, entry) : printLine(context, formatEntry(entry, paint)))
      found += page.items.length
      if (page.searchedTo) status.show(`${formatCount(found)} found, searched back to ${page.searchedTo}`)
      if (context.nowMs() >= endMs) break
    }
  } catch (error) {
    throw explainQuery(error, wanted.query)
  } finally {
    status.clear()
  }
  return { found, last }
}

function report(
  { found, last }: Outcome,
  { from, to }: LogSearch,
  { json }: SearchOptions,
  context: CliContext,
): void {
  const nextCursor = last?.nextCursor ?? null
  const searchedTo = nextCursor === null ? from : (last?.searchedTo ?? last?.items.at(-1)?.occurredAt ?? to)
  if (json) return note(context, JSON.stringify({ found, searchedTo, nextCursor }))
  const entries = `${formatCount(found)} ${found === 1 ? 'entry' : 'entries'}`
  if (nextCursor !== null)
    return note(
      context,
      `${entries}; searched back to ${searchedTo}. Go on with: --cursor ${nextCursor} --to ${to}`,
    )
  note(context, `${entries}; searched back to ${searchedTo}, which is all of the range.`)
  if (found === 0 && last?.newestAt)
    note(
      context,
      `The newest entry before that matches is of ${last.newestAt}: search with --from ${last.newestAt}`,
    )
}
