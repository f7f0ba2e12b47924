import type { FairShare, Release } from '@runnel/http'
import type { KeptLines } from '@runnel/repositories-mailings'
import type { IncomingMessage } from 'node:http'
import { parseCountry } from '../parse-phone.ts'
import { openFile, type OpenedFile } from './open-file.ts'
import { parseColumnMap } from './parse-column-map.ts'
import { discard, readBody } from './read-body.ts'
import type { ParserOptions } from './row-parsers.ts'

export interface ImportLimits {
  /** Largest size of a file, as received and again after inflating. */
  readonly maxBytes: number
  readonly maxRowBytes: number
  readonly batchRows: number
  /** Imports that one process runs at a time. */
  readonly concurrency: number
  /** Milliseconds that may pass without data from the sender. */
  readonly idleMs: number
  /** Of refused lines. */
  readonly kept: KeptLines
  /** Of phones without the code of their country, where the sender names none; empty: none. */
  readonly country: string
}

export interface ReceiveOptions {
  readonly limits: ImportLimits
  /** Of as many permits as imports may run. */
  readonly share: FairShare
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/** What the sender of a file says about it. */
export interface FileParameters {
  /** Of phones without the code of their country. */
  readonly country?: string | undefined
  readonly charset?: string | undefined
  /** Members with the names of their columns: `phone:Number`. */
  readonly column?: string | readonly string[] | undefined
}

export interface FileRequest {
  /** Its body has not been read. */
  readonly raw: IncomingMessage
  readonly parameters: FileParameters
  readonly peer: string
}

/**
 * Opens the file of a request, under a permit, and gives it to `run`. However that ends, the file is closed, and the sender can
 * read the answer.
 *
 * @throws AppError
 */
export async function receiveFile<T>(
  { raw, parameters, peer }: FileRequest,
  { limits, share, signal }: ReceiveOptions,
  run: (file: OpenedFile, options: ParserOptions) => Promise<T>,
): Promise<T> {
  let release: Release | undefined
  let file: OpenedFile | undefined
  try {
    release = share.take(peer)
    const options = parserOptionsOf(parameters, limits)
    file = await openFile(readBody(raw, { ...limits, signal }), {
      contentType: raw.headers['content-type'],
      charset: parameters.charset,
    })
    return await run(file, options)
  } finally {
    await file?.close()
    discard(raw)
    release?.()
  }
}

function parserOptionsOf(
  { country, column = [] }: FileParameters,
  { country: usual, maxRowBytes }: ImportLimits,
): ParserOptions {
  const code = country ?? usual
  return {
    maxRowBytes,
    country: code === '' ? undefined : parseCountry(code, 'country'),
    columns: parseColumnMap(typeof column === 'string' ? [column] : column),
  }
}
