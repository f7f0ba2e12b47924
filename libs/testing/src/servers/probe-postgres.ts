import { Client, DatabaseError } from 'pg'

const TIMEOUT_MS = 2000
/** PostgreSQL 15, as the server writes it in `server_version_num`. */
const LEAST_VERSION = 150_000
const NO_SUCH_DATABASE = '3D000'

/**
 * A connection from which databases can be created: to the database of `url`, or when that does not exist, to one
 * that every server has.
 *
 * @throws Error of the connection
 */
export async function connectForAdministration(url: string): Promise<Client> {
  try {
    return await connect(url)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== NO_SUCH_DATABASE) throw error
    return connect(withDatabase(url, 'postgres'))
  }
}

/** The same server and login, another database. */
export function withDatabase(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

/** @throws Error unless a PostgreSQL of at least version 15 lets us in and lets us create databases */
export async function probePostgres(url: string): Promise<void> {
  const client = await connectForAdministration(url)
  try {
    const { rows } = await client.query<{ version: string; creates: boolean }>(
      `select current_setting('server_version_num') as version, rolsuper or rolcreatedb as creates
       from pg_roles where rolname = current_user`,
    )
    if (Number(rows[0]?.version) < LEAST_VERSION) throw new Error('it is older than PostgreSQL 15')
    if (!rows[0]?.creates) throw new Error('its user may not create databases')
  } finally {
    await client.end()
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MS,
    application_name: 'runnel-services',
  })
  // A server that goes away while the connection idles is noticed by the next query.
  client.on('error', () => {})
  await client.connect()
  return client
}
