/** How Redis is reached, as REDIS_URL says it. */
export type RedisServers =
  /** One server; the URL as it stands. */
  | { readonly kind: 'server'; readonly isTls: boolean; readonly url: string }
  /** The server that sentinels name as the master of a group. */
  | (RedisLogin & {
      readonly kind: 'sentinel'
      /** Of the sentinels, in the order of the URL. At least one. */
      readonly addresses: readonly RedisAddress[]
      readonly master: string
      readonly database: number
    })
  /** The nodes of a cluster that are asked first; the others are learned from them. */
  | (RedisLogin & { readonly kind: 'cluster'; readonly addresses: readonly RedisAddress[] })

interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** At the servers that hold the data. */
interface RedisLogin {
  readonly isTls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
}

/** Scheme; user and password up to the last @; servers; the rest. */
const PARTS = /^redis(s?)\+(sentinel|cluster):\/\/(?:([^/?#]*)@)?([^/?#@]*)([^?#]*)(.*)$/is
const ADDRESS = /^(\[[\da-f:.]+\]|[a-z\d](?:[\w.-]*\w)?\.?)(?::(\d{1,5}))?$/i
/** A name that sentinels take for a group. */
const MASTER = /^[\w.-]{1,200}$/
const DEFAULT_PORTS = { sentinel: 26_379, cluster: 6379 } as const
const MAX_ADDRESSES = 20
const MAX_PORT = 65_535
const EXPECTED =
  'a URL like redis://host:6379/0, redis+sentinel://host1:26379,host2:26379/master/0 or redis+cluster://host1:6379,host2:6379, each with rediss in place of redis for TLS'

/**
 * Reads `redis://`, `redis+sentinel://user:password@s1:26379,s2:26379/master/0` and `redis+cluster://user:password@a:6379,b:6379`, with
 * `rediss` in place of `redis` for TLS to every server. The login is that of the servers with the data. A sentinel without a port has 26379.
 *
 * @throws Error whose message says what was expected, with nothing of a password
 */
export function readRedisServers(url: string): RedisServers {
  const [, tls, kind, login, authority, path, rest] = PARTS.exec(url) ?? []
  if (kind === undefined || authority === undefined || path === undefined) return readOne(url)
  if (rest !== '') throw new Error('a URL without ? and #')
  const isSentinel = kind.toLowerCase() === 'sentinel'
  const servers = {
    isTls: tls !== '',
    ...readLogin(login),
    addresses: readAddresses(authority, DEFAULT_PORTS[isSentinel ? 'sentinel' : 'cluster']),
  }
  if (isSentinel) return { kind: 'sentinel', ...servers, ...readGroup(path) }
  if (!/^\/?0?$/.test(path)) throw new Error('a URL without a database, of which a cluster has one')
  return { kind: 'cluster', ...servers }
}

function readOne(url: string): RedisServers {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw new Error(EXPECTED)
  return { kind: 'server', isTls: protocol === 'rediss:', url }
}

function readLogin(login: string | undefined): Pick<RedisLogin, 'username' | 'password'> {
  if (login === undefined) return { username: undefined, password: undefined }
  const colon = login.indexOf(':')
  const username = decode(colon < 0 ? login : login.slice(0, colon))
  const password = colon < 0 ? '' : decode(login.slice(colon + 1))
  if (password === '') throw new Error('a URL with a password before the @')
  return { username: username === '' ? undefined : username, password }
}

function readAddresses(authority: string, defaultPort: number): RedisAddress[] {
  const texts = authority.split(',')
  if (texts.length > MAX_ADDRESSES) throw new Error(`a URL with at most ${MAX_ADDRESSES} servers`)
  return texts.map((text) => {
    const [, host, port = String(defaultPort)] = ADDRESS.exec(text.trim()) ?? []
    if (host === undefined || Number(port) < 1 || Number(port) > MAX_PORT)
      throw new Error('a URL with a valid name and port for each server')
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  })
}

function readGroup(path: string): { master: string; database: number } {
  const [master = '', database = '0', ...more] = path.slice(1).replace(/\/$/, '').split('/')
  if (!MASTER.test(master) || !/^\d{1,5}$/.test(database) || more.length > 0)
    throw new Error('a URL with the name of the master after the sentinels, and a database: /master/0')
  return { master, database: Number(database) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('a URL whose user and password have % only before two hexadecimal digits')
  }
}
