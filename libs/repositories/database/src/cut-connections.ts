import type { ClientBase, Pool, PoolClient } from 'pg'
import type { Socket } from 'node:net'

/** The driver (pg 8) has no public way to end a connection without waiting for the server. */
interface Connected {
  readonly connection: { readonly stream: Socket }
}

/** Ends a connection without a word to the server: its queries reject, as they do when the server goes away. */
export function cut(client: ClientBase): void {
  ;(client as unknown as Connected).connection.stream.destroy()
}

/**
 * Cuts every connection of a pool once the signal aborts, at once and whatever it waits for: queries that are under way reject,
 * as they do when the server goes away. The server rolls back what was not committed.
 */
export function cutConnections(pool: Pool, signal: AbortSignal): void {
  const clients = new Set<PoolClient>()
  pool.on('connect', (client) => {
    clients.add(client)
    if (signal.aborted) cut(client)
  })
  pool.on('remove', (client) => clients.delete(client))
  signal.addEventListener('abort', () => clients.forEach(cut))
}

/** @returns what `connect` resolves with @throws what it throws, and once the signal aborts */
export function connectUntil(
  connect: () => Promise<PoolClient>,
  signal: AbortSignal | undefined,
): Promise<PoolClient> {
  if (!signal) return connect()
  const { promise, resolve, reject } = Promise.withResolvers<PoolClient>()
  const giveUp = () => reject(new Error('The process ends; the database is not used any more'))
  if (signal.aborted) giveUp()
  else {
    signal.addEventListener('abort', giveUp)
    void connect()
      .then((client) => (signal.aborted ? client.release(true) : resolve(client)), reject)
      .finally(() => signal.removeEventListener('abort', giveUp))
  }
  return promise
}
