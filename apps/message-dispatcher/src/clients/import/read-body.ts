import { AppError } from '@runnel/contracts'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export interface ReadBodyOptions {
  /** Largest size in bytes, as received and again after inflating. */
  readonly maxBytes: number
  /** Milliseconds that may pass without data. */
  readonly idleMs: number
  /** Ends the reading. */
  readonly signal: AbortSignal
}

/** For how long remaining data is discarded, so that the sender can read the answer. */
const LINGER_MS = 5000

/**
 * The bytes of a request as they arrive, inflated where they are compressed. Where the caller stops reading, the remaining
 * data is discarded and the connection stays open for the answer.
 *
 * @throws AppError body_too_large | bad_encoding | unsupported_encoding | bad_request | shutting_down
 */
export async function* readBody(
  request: IncomingMessage,
  { maxBytes, idleMs, signal }: ReadBodyOptions,
): AsyncGenerator<Buffer> {
  const source = inflate(request, maxBytes)
  const parts = source.iterator({ destroyOnReturn: false })
  const stop = createStop()
  const drain = () => {
    stop.now(new AppError('shutting_down', 'The server is shutting down', { retryAfterMs: 5000 }))
  }
  let waiting = false
  const idle = setTimeout(() => {
    // The time that it takes to store rows does not count.
    if (waiting)
      stop.now(
        new AppError('bad_request', `The body stopped arriving: nothing was received for ${idleMs} ms`),
      )
  }, idleMs)
  signal.addEventListener('abort', drain)
  if (signal.aborted) drain()
  let bytes = 0
  try {
    for (;;) {
      idle.refresh()
      waiting = true
      const next = (await stop.unless(parts.next())) as IteratorResult<Buffer>
      waiting = false
      if (next.done) return
      bytes += next.value.length
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      yield next.value
    }
  } catch (error) {
    throw describe(error, request)
  } finally {
    clearTimeout(idle)
    signal.removeEventListener('abort', drain)
    discard(request, source)
  }
}

interface Stop {
  now(error: AppError): void
  /** Like Promise.race with a promise that rejects then, which would keep every value until it does. */
  unless<T>(work: Promise<T>): Promise<T>
}

function createStop(): Stop {
  let stopped: AppError | undefined
  let refuse: ((error: AppError) => void) | undefined
  return {
    now(error) {
      stopped ??= error
      refuse?.(stopped)
    },
    unless: (work) =>
      new Promise((resolve, reject) => {
        refuse = reject
        if (stopped) reject(stopped)
        work.then(resolve, reject)
      }),
  }
}

/** Discards the remaining data of a request that has been answered, for a while. */
export function discard(request: IncomingMessage, source: Readable = request): void {
  if (source !== request) {
    request.unpipe()
    source.on('error', () => undefined).destroy()
  }
  if (request.destroyed || request.complete) return
  request.on('error', () => undefined).resume()
  const timer = setTimeout(() => request.destroy(), LINGER_MS).unref()
  request.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer))
}

function inflate(request: IncomingMessage, maxBytes: number): Readable {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (Number(request.headers['content-length']) > maxBytes) throw tooLarge(maxBytes)
  if (encoding === 'identity') return request
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new AppError('unsupported_encoding', 'The content encoding is not supported', {
      field: 'content-encoding',
      expected: 'gzip, or no content encoding',
    })
  }
  const gunzip = createGunzip()
  const cut = () => {
    if (!request.complete) gunzip.destroy(new Error('the connection was closed'))
  }
  request.once('error', cut).once('close', cut)
  return request.pipe(gunzip)
}

function describe(error: unknown, request: IncomingMessage): unknown {
  if (error instanceof AppError) return error
  if (String((error as NodeJS.ErrnoException).code).startsWith('Z_')) {
    return new AppError('bad_encoding', 'The body is not valid gzip', { field: 'content-encoding' }, error)
  }
  return request.destroyed
    ? new AppError('bad_request', 'The connection was closed before the end of the body', {}, error)
    : error
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('body_too_large', `The file is larger than ${maxBytes} bytes`, {
    expected: `at most ${maxBytes} bytes; split the file into several imports`,
  })
}
