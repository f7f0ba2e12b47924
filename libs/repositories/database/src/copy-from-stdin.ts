import type { PoolClient } from 'pg'
import { from } from 'pg-copy-streams'
import { READ_TIMEOUT_MESSAGE } from './database-errors.ts'

/** @returns whether a statement takes its data from the client */
export function isCopyFromStdin(statement: string): boolean {
  return statement.startsWith('copy ') && statement.endsWith(' from stdin')
}

/**
 * Runs `copy .. from stdin`.
 *
 * @param pieces all rows, in the format that the statement names
 * @param timeoutMs for the whole; pg's own limit does not hold for streams
 * @returns how many rows PostgreSQL took
 */
export async function copyFromStdin(
  client: PoolClient,
  statement: string,
  pieces: readonly Uint8Array[],
  timeoutMs: number,
): Promise<number> {
  const stream = client.query(keepConnection(from(statement)))
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const timer = setTimeout(() => reject(new Error(READ_TIMEOUT_MESSAGE)), timeoutMs)
  stream.once('error', reject)
  stream.once('finish', () => resolve(stream.rowCount))
  for (const piece of pieces) stream.write(piece)
  stream.end()
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    // After a timeout, the connection is torn down under it: that error has been reported already.
    stream.on('error', () => undefined)
  }
}

/** Takes the place of a connection: whatever is written goes nowhere. */
const GONE = {
  stream: { write: () => true, once: () => undefined },
  sendCopyFail: () => undefined,
}

/**
 * pg-copy-streams forgets its connection at the first error, a timeout of pg for example, and fails when the answer that
 * is not awaited any more comes after all: an uncaught TypeError, which would end the process.
 */
function keepConnection<T extends object>(stream: T): T {
  let connection: unknown = GONE
  return Object.defineProperty(stream, 'connection', {
    get: () => connection,
    set: (next: unknown) => (connection = next ?? GONE),
  })
}
