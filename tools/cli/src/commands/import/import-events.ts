import type { EventKind } from '@runnel/client'
import { MAX_ENTRY_BYTES, openFile, openSource, readLines } from '@runnel/producer-sim/sources'
import { basename, extname } from 'node:path'
import type { CliContext } from '../../cli-context.ts'
import { connect } from '../../connection/connect.ts'
import { deliver } from '../send/deliver.ts'
import { findIngest } from '../send/find-ingest.ts'
import { readJsonLines } from '../send/read-json-lines.ts'
import { printReport, type DeliveryOptions } from '../send/send-command.ts'
import type { SendItem } from '../send/send-item.ts'
import { requireFile } from './upload.ts'
import { withFileTime } from './with-file-time.ts'

interface Opened {
  readonly items: AsyncIterable<SendItem>
  readonly keyPrefix: string
  readonly lines: number
}

/**
 * Sends the events of a file. Each has an id made of the file and its place in it: the file again, within 48 hours, stores nothing
 * twice.
 *
 * @throws CliError, or CommandError for a file that cannot be read
 */
export async function importEvents(
  kind: EventKind,
  file: string,
  options: DeliveryOptions,
  context: CliContext,
): Promise<void> {
  const { mtime } = requireFile(file)
  const connection = connect(options, context)
  const { items, keyPrefix, lines } = await open(kind, file)
  const report = await deliver(
    withFileTime(items, kind, mtime.toISOString()),
    {
      ...{ kind, url: await findIngest(options, connection, context), key: connection.target.key },
      ...{ timeoutMs: options.timeout, giveUpMs: options.giveUpAfter, wait: options.wait },
      ...{ idPrefix: keyPrefix, total: lines, label: basename(file) },
    },
    context,
  )
  printReport(report, kind, options, context)
}

async function open(kind: EventKind, path: string): Promise<Opened> {
  if (/^\.(ndjson|jsonl)$/i.test(extname(path))) {
    const file = await openFile(path)
    const items = readJsonLines(readLines(path, file.bytes, MAX_ENTRY_BYTES), 'json')
    return { items, keyPrefix: file.keyPrefix, lines: file.lines }
  }
  const { file, entries } = await openSource(path, { kind })
  return { items: entries(), keyPrefix: file.keyPrefix, lines: file.lines }
}
