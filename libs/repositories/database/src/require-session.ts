import type { PoolClient } from 'pg'

/** The sessions of a pooler in transaction mode are not as Runnel needs them. */
class PoolerSessionError extends Error {
  /** @param statements that make them so */
  constructor(statements: readonly string[]) {
    super(
      `The sessions of the pooler at DATABASE_URL differ from what Runnel needs: let its connect_query run, or set for its role or database, ${statements.join('; ')} (docs/POSTGRESQL.md)`,
    )
    this.name = 'PoolerSessionError'
  }
}

interface Found {
  readonly name: string
  readonly value: string
}

const checked = new WeakSet<PoolClient>()

/**
 * A connection over a pooler in transaction mode, whose sessions are as Runnel needs them: it cannot set them itself, for each transaction
 * may be on another one. All of them are made alike, so that one is looked at for each connection.
 *
 * @param settings by their names
 * @throws PoolerSessionError, and what the driver throws; the connection is destroyed then
 */
export async function requireSession(
  client: PoolClient,
  settings: Readonly<Record<string, string>>,
): Promise<PoolClient> {
  if (checked.has(client)) return client
  try {
    const names = [...Object.keys(settings), 'synchronous_commit', 'statement_timeout']
    const { rows } = await client.query<Found>(
      'select name, current_setting(name) as value from unnest($1::text[]) as name',
      [names],
    )
    const statements = rows.flatMap((found) => findStatement(found, settings[found.name]))
    if (statements.length > 0) throw new PoolerSessionError(statements)
  } catch (error) {
    client.release(true)
    throw error
  }
  checked.add(client)
  return client
}

/** @returns what sets it right, where it is not */
function findStatement({ name, value }: Found, wanted: string | undefined): string[] {
  if (name === 'synchronous_commit') return value === 'off' ? ['set synchronous_commit = on'] : []
  // Any limit: it ends what a client that went away has left behind. Each pool of Runnel has a shorter one of its own.
  if (name === 'statement_timeout') return value === '0' ? [`set statement_timeout = '60s'`] : []
  const text = wanted!.replaceAll('\\', '')
  const [is, has] = [text, value].map((one) => one.replaceAll(' ', ''))
  return is === has
    ? []
    : [`set ${name} = ${name === 'search_path' || name === 'datestyle' ? text : `'${text}'`}`]
}
