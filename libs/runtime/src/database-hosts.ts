/**
 * Which of several servers a connection may end up at, by the words of libpq. Its `prefer-standby` is missing: no part of Runnel reads from
 * a standby unless it knows how old that is.
 */
const SESSION_ATTRIBUTES = ['any', 'read-write', 'read-only', 'primary', 'standby'] as const

export type SessionAttribute = (typeof SESSION_ATTRIBUTES)[number]

/** A URL of PostgreSQL, which may name several servers of which one is the primary. */
export interface DatabaseHosts {
  /** In the order of the URL: the same URL for each server alone, without `target_session_attrs`. At least one. */
  readonly urls: readonly string[]
  readonly attribute: SessionAttribute
  /** For a login at one of them; undefined where the URL says nothing of it. */
  readonly connectTimeoutMs?: number
}

/** Scheme; user and password up to the last @; servers; the rest. */
const PARTS = /^(postgres(?:ql)?:\/\/)([^/?#]*@)?([^/?#]*)(.*)$/is
const ATTRIBUTE = 'target_session_attrs'
/** In seconds, as libpq has it; the driver ignores it. */
const TIMEOUT = 'connect_timeout'
const MAX_TIMEOUT_S = 60
const MAX_HOSTS = 20
const DEFAULT_PORT = '5432'
/** Parameters of libpq that say something of servers and that nothing here would follow. */
const UNKNOWN = ['load_balance_hosts', 'hostaddr'] as const

/**
 * Reads what libpq reads and the driver (pg 8) does not: `postgres://a:5432,b:5433/db?target_session_attrs=primary`, and the same servers as
 * `?host=a,b&port=5432,5433`. A server without a port has 5432. Of several servers without an attribute, the one that takes writes is meant;
 * libpq would take any, which does not help a program that writes.
 *
 * @throws Error whose message says what was expected
 */
export function readDatabaseHosts(url: string): DatabaseHosts {
  const [, scheme, login = '', authority, rest] = PARTS.exec(url) ?? []
  if (scheme === undefined || authority === undefined || rest === undefined)
    throw new Error('a URL that starts with postgres:// or postgresql://')
  const { parameters, join } = takeParameters(rest)
  for (const name of UNKNOWN)
    if (parameters.has(name)) throw new Error(`a URL without ${name}, which Runnel does not follow`)
  const attribute = readAttribute(parameters.getAll(ATTRIBUTE))
  const timeout = readTimeout(parameters.get(TIMEOUT))
  const servers = listServers(authority, parameters)
  if (servers.length > MAX_HOSTS) throw new Error(`a URL with at most ${MAX_HOSTS} servers`)
  const isOne = servers.length === 1
  // A URL that says nothing of all this stays as it is, letter by letter.
  if (isOne && attribute === undefined) return { urls: [check(url)], attribute: 'any', ...timeout }
  parameters.delete(ATTRIBUTE)
  if (!isOne) for (const name of ['host', 'port']) parameters.delete(name)
  const urls = servers.map((server) => check(scheme + login + server + join(parameters)))
  return { urls, attribute: attribute ?? (isOne ? 'any' : 'read-write'), ...timeout }
}

interface Rest {
  readonly parameters: URLSearchParams
  /** The rest of the URL with these parameters in place of those it had. */
  readonly join: (parameters: URLSearchParams) => string
}

function takeParameters(rest: string): Rest {
  const [beforeHash] = rest.split('#', 1) as [string]
  const at = beforeHash.indexOf('?')
  const path = at < 0 ? beforeHash : beforeHash.slice(0, at)
  const parameters = new URLSearchParams(at < 0 ? '' : beforeHash.slice(at + 1))
  const join = (left: URLSearchParams) => (left.size === 0 ? path : `${path}?${left}`)
  return { parameters, join }
}

function readTimeout(text: string | null): Pick<DatabaseHosts, 'connectTimeoutMs'> {
  if (text === null) return {}
  const seconds = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (seconds < 1 || seconds > MAX_TIMEOUT_S)
    throw new Error(`a URL with a ${TIMEOUT} of 1 to ${MAX_TIMEOUT_S} seconds`)
  return { connectTimeoutMs: seconds * 1000 }
}

function readAttribute(given: readonly string[]): SessionAttribute | undefined {
  const [first, ...more] = given
  if (first === undefined) return undefined
  const known = SESSION_ATTRIBUTES.find((attribute) => attribute === first)
  if (known === undefined || more.length > 0)
    throw new Error(`a URL with one ${ATTRIBUTE} of ${SESSION_ATTRIBUTES.join(', ')}`)
  return known
}

/** @returns `host:port` of each server; one server as it stands, which may be none where a parameter names its socket */
function listServers(authority: string, parameters: URLSearchParams): string[] {
  if (/,/.test(parameters.get('host') ?? '')) return byParameters(authority, parameters)
  const servers = authority.split(',')
  if (servers.length === 1) return servers
  return servers.map((server) => {
    if (server.trim() === '' || server.startsWith(':')) throw new Error('a URL with a name for each server')
    return /:\d+$/.test(server) ? server : `${server.replace(/:$/, '')}:${DEFAULT_PORT}`
  })
}

function byParameters(authority: string, parameters: URLSearchParams): string[] {
  if (authority !== '') throw new Error('a URL whose servers stand before the path or in host=, not in both')
  const names = parameters.get('host')!.split(',')
  if (names.some((name) => name.trim() === '' || name.startsWith('/')))
    throw new Error('a URL with a name or an address for each server')
  const ports = parameters.get('port')?.split(',') ?? [DEFAULT_PORT]
  if (ports.length !== 1 && ports.length !== names.length)
    throw new Error('a URL with one port, or one for each server')
  return names.map(
    (name, i) => `${bracketed(name)}:${(ports.length === 1 ? ports[0] : ports[i]) || DEFAULT_PORT}`,
  )
}

function bracketed(name: string): string {
  return name.includes(':') && !name.startsWith('[') ? `[${name}]` : name
}

function check(url: string): string {
  if (!URL.canParse(url)) throw new Error('a URL with a valid name and port for each server')
  return url
}
