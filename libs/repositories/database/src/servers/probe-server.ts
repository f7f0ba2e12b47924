import pg from 'pg'
import { cut } from '../cut-connections.ts'
import { isPostgresError } from '../database-errors.ts'

/** Resolves where a server answers a login, be it by a refusal. @throws Error where it does not, within the time that `config` sets */
export async function probeServer(config: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(config)
  // What breaks fails `connect`.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    if (!isPostgresError(error)) throw error
  } finally {
    cut(client)
  }
}
