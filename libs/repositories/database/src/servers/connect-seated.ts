import type { Pool, PoolClient } from 'pg'
import type { SeatedClient } from './seated-client.ts'
import type { ServerChoice } from './server-choice.ts'

/**
 * A connection of a pool of {@link createSeatedClient}, to a server that has not been given up since. Where a server fails, each of the others
 * is tried once.
 *
 * @param prepare makes it ready, or destroys it and throws
 * @throws what the last one failed with
 */
export async function connectSeated(
  pool: Pool,
  choice: ServerChoice,
  prepare: (client: PoolClient) => Promise<PoolClient>,
): Promise<PoolClient> {
  for (let tries = 1; ;) {
    const { generation } = choice
    try {
      const client = await pool.connect()
      if (choice.isCurrent((client as unknown as SeatedClient).seat)) return await prepare(client)
      client.release(true)
    } catch (error) {
      // Without another server, or where none failed: all connections of the pool may have been busy.
      if (tries++ >= choice.size || choice.generation === generation) throw error
    }
  }
}
