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
 * @param data all rows, in the format that the statement names
 * @param timeoutMs for the whole; pg's own limit does not hold for streams
 * @returns how many rows PostgreSQL took
 */
export async function copyFromStdin(
  client: PoolClient,
  statement: string,
  data: string,
  timeoutMs: number,
): Promise<number> {
  const stream = client.query(from(statement))
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const timer = setTimeout(() => reject(new Error(READ_TIMEOUT_MESSAGE)), timeoutMs)
  stream.once('error', reject)
  stream.once('finish', () => resolve(stream.rowCount))
  stream.end(data)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    // After a timeout, the connection is torn down under it: that error has been told already.
    stream.on('error', () => undefined)
  }
}
