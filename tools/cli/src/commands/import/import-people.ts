import type { ImportReport } from '@runnel/contracts/api/client-import'
import { formatCount } from '@runnel/producer-sim/cli'
import { basename, extname } from 'node:path'
import type { CliContext } from '../../cli-context.ts'
import { usageError } from '../../cli-error.ts'
import { readTarget } from '../../connection/target.ts'
import { EXIT } from '../../exit-codes.ts'
import type { ConnectionOptions } from '../../options/connection-options.ts'
import { note } from '../../output/print.ts'
import { showText } from '../../output/show-text.ts'
import { upload } from './upload.ts'

/** What is in a file of people. */
export type PeopleKind = 'clients' | 'suppressions'

export interface PeopleOptions extends ConnectionOptions {
  readonly format?: 'csv' | 'ndjson'
  readonly timeZone?: string
  readonly country?: string
  readonly charset?: string
  readonly column?: readonly string[]
  /** Milliseconds. */
  readonly importTimeout: number
}

/** What both routes answer. */
interface PeopleReport extends Pick<ImportReport, 'rows' | 'rejected' | 'errors' | 'unchanged'> {
  readonly [count: string]: unknown
}

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' }
const COUNTS = ['created', 'added', 'updated', 'unchanged', 'rejected'] as const

/** Sends a file of clients or of suppressed phones. The file again changes nothing. @throws CliError */
export async function importPeople(
  kind: PeopleKind,
  file: string,
  options: PeopleOptions,
  context: CliContext,
): Promise<void> {
  const target = readTarget(options, context)
  const type = TYPES[options.format ?? formatOf(file)]
  const answer = await upload(
    target,
    {
      ...{ path: `/api/v1/${kind}/import`, parameters: parametersOf(kind, file, options) },
      ...{ file, type, timeoutMs: options.importTimeout },
    },
    context,
  )
  const report = answer as PeopleReport
  if (report.rejected > 0) context.exitWith(EXIT.failed)
  if (options.json) return void context.out.write(`${JSON.stringify(report)}\n`)
  for (const line of describe(report)) note(context, line)
}

function formatOf(file: string): 'csv' | 'ndjson' {
  const extension = extname(file).toLowerCase()
  if (extension === '.csv' || extension === '.txt' || extension === '.tsv') return 'csv'
  if (extension === '.ndjson' || extension === '.jsonl') return 'ndjson'
  throw usageError(`${file}: its name does not say what it holds`, 'Give --format csv or --format ndjson')
}

function parametersOf(kind: PeopleKind, file: string, options: PeopleOptions): URLSearchParams {
  const { timeZone, country, charset, column = [] } = options
  if (kind === 'suppressions' && timeZone !== undefined) throw usageError('--time-zone is for clients alone')
  const parameters = new URLSearchParams()
  if (kind === 'clients' && file !== '-') parameters.set('name', basename(file))
  for (const [name, value] of Object.entries({ timeZone, country, charset }))
    if (value !== undefined) parameters.set(name, value)
  for (const each of column) parameters.append('column', each)
  return parameters
}

function describe(report: PeopleReport): readonly string[] {
  const counts = COUNTS.flatMap((name) => {
    const count = report[name]
    return typeof count === 'number' ? [`${formatCount(count)} ${name}`] : []
  })
  const { rows, rejected, errors } = report
  const lines = errors.map(
    ({ line, field, code, message }) =>
      `  line ${line}: ${code}${field ? ` (${field})` : ''}: ${showText(message)}`,
  )
  const rest = rejected - errors.length
  return [
    `${formatCount(rows)} lines: ${counts.join(', ')}`,
    ...lines,
    ...(rest > 0 ? [`  ... and ${formatCount(rest)} more`] : []),
  ]
}
