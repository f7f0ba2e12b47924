import type { Kind } from '@runnel/contracts'
import { extname } from 'node:path'
import { CommandError } from '../command-error.ts'
import { readLogs } from './read-logs.ts'
import { readMetrics } from './read-metrics.ts'
import { openFile, type OpenedFile } from './open-file.ts'
import { readProducts } from './read-products.ts'
import { readSpans } from './read-spans.ts'
import type { SourceEntry } from './source-entry.ts'

/** A source file and the events in it. */
export interface Source {
  readonly file: OpenedFile
  readonly kind: Kind
  /** Every entry of the file, in order; may be called more than once. */
  entries(): AsyncGenerator<SourceEntry>
}

const KIND_BY_EXTENSION: Readonly<Record<string, Kind>> = {
  '.log': 'logs',
  '.csv': 'metrics',
  '.json': 'products',
}

const READERS: Record<Kind, (file: OpenedFile) => AsyncGenerator<SourceEntry>> = {
  logs: readLogs,
  metrics: readMetrics,
  products: readProducts,
  traces: readSpans,
}

export interface SourceOptions {
  /** What the file holds; without it its extension decides. */
  readonly kind?: Kind | undefined
  readonly salt?: string | undefined
}

/** @throws CommandError when the file cannot be read or its kind is unknown */
export async function openSource(path: string, { kind, salt }: SourceOptions = {}): Promise<Source> {
  const known = kind ?? KIND_BY_EXTENSION[extname(path).toLowerCase()]
  if (!known) throw new CommandError(`${path}: neither .log, .csv nor .json; say what it holds with --kind`)
  const file = await openFile(path, salt)
  return { file, kind: known, entries: () => READERS[known](file) }
}
