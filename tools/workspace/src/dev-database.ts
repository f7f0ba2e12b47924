import { connectForAdministration, withDatabase } from '@runnel/testing'

/** The database of a service that was found without a name for one. */
export const DEV_DATABASE = 'runnel'

/**
 * Creates the database that `url` names unless it exists.
 *
 * @throws Error of the connection, or when the login may not create databases
 */
export async function ensureDatabase(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const client = await connectForAdministration(withDatabase(url, 'postgres'))
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
