import type { PoolClient } from 'pg'

/**
 * What a role, a database or the server may have set otherwise, and what would change an answer: how times, numbers and
 * bytes are written, where tables are looked for, what arrays and escapes mean, when a statement gives up. Given in the
 * start-up packet, where it wins over `alter role .. set` and `alter database .. set`.
 */
const PINNED: Readonly<Record<string, string>> = {
  // Compiling a query over a month of partitions takes 150 ms, which no query here ever wins back.
  jit: 'off',
  search_path: 'public',
  timezone: 'UTC',
  datestyle: 'ISO,MDY',
  intervalstyle: 'postgres',
  // 0 and less round doubles.
  extra_float_digits: '1',
  bytea_output: 'hex',
  // Off, `{null}` is a text.
  array_nulls: 'on',
  transform_null_equals: 'off',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read\\ committed',
  default_transaction_deferrable: 'off',
  lock_timeout: '0',
}

/** No setting of PostgreSQL: it says that the settings at the start of a session have arrived. */
const MARK = 'runnel.session'

/** What {@link pinSession} makes of a URL. */
interface PinnedUrl {
  readonly url: string
  /** The `options` of the start-up packet. */
  readonly options: string
  /** What a session has to have, by their names. */
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Takes the settings of a session out of the URL (`?options=-c search_path=runnel`, as libpq reads it) and puts ours behind
 * them. Only search_path may be chosen there: it is the schema that the tables are in.
 */
export function pinSession(url: string): PinnedUrl {
  const { rest, given } = takeOptions(url)
  const choosesSchema = SEARCH_PATH.test(given)
  const pins = Object.entries(PINNED)
    .filter(([name]) => name !== 'search_path' || !choosesSchema)
    .map(([name, value]) => `-c ${name}=${value}`)
  const schema = choosesSchema ? { search_path: SEARCH_PATH.exec(given)![1]! } : {}
  return {
    url: rest,
    options: [given, ...pins, `-c ${MARK}=on`].join(' ').trim(),
    settings: { ...PINNED, ...schema },
  }
}

const SEARCH_PATH = /search[_-]path\s*=\s*(\S*)/

/** pg lets the options of a URL replace those that it is given; taken out of it, both hold. */
function takeOptions(url: string): { rest: string; given: string } {
  if (!/[?&]options=/.test(url) || !URL.canParse(url)) return { rest: url, given: '' }
  const parsed = new URL(url)
  const given = parsed.searchParams.get('options') ?? ''
  parsed.searchParams.delete('options')
  return { rest: parsed.href, given }
}

/**
 * With synchronous_commit off, a commit is reported up to a second before it is on disk, and a server that dies meanwhile
 * loses it: what was answered as stored would not be. Any other value stays as the administrator chose it.
 */
const COMMIT_DURABLY = `select current_setting('${MARK}', true) as mark,
  case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', false) end`

const durable = new WeakSet<PoolClient>()

/**
 * A connection on which commits are durable, and whose session is the one that it started.
 *
 * @throws Error where a pooler dropped what the session was started with, and what the driver throws; the connection is destroyed then
 */
export async function commitDurably(client: PoolClient): Promise<PoolClient> {
  if (durable.has(client)) return client
  try {
    const { rows } = await client.query<{ mark: string | null }>(COMMIT_DURABLY)
    if (rows[0]?.mark !== 'on')
      throw new Error(
        'PostgreSQL did not get the settings of the session, as behind a pooler that drops them: set DATABASE_DIRECT_URL to the database past it (docs/POSTGRESQL.md)',
      )
  } catch (error) {
    client.release(true)
    throw error
  }
  durable.add(client)
  return client
}
