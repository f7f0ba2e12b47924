import { readDatabaseHosts } from './database-hosts.ts'
import { readBytes } from './read-setting-file.ts'
import { readRedisServers } from './redis-servers.ts'
import type { Setting } from './settings.ts'

/** A whole number. `min` and `max` belong to it. The unit belongs in the variable's name and in the description. */
export function integer(
  variable: string,
  fallback: number,
  description: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): Setting<number> {
  return {
    variable,
    fallback: String(fallback),
    description,
    parse: (text) => {
      const value = Number(text)
      if (!/^-?\d+$/.test(text) || value < min || value > max)
        throw new Error(`a whole number from ${min} to ${max}`)
      return value
    },
  }
}

/** A TCP port; 0 lets the system choose one. */
export function port(variable: string, fallback: number, description: string): Setting<number> {
  return integer(variable, fallback, description, { max: 65_535 })
}

/** Free text, or text of a certain form. What is secret is never printed. */
export function text(
  variable: string,
  fallback: string | undefined,
  description: string,
  {
    pattern = /^/,
    expected = 'text',
    secret = false,
  }: { pattern?: RegExp; expected?: string; secret?: boolean } = {},
): Setting<string> {
  return {
    variable,
    fallback,
    description,
    secret,
    parse: (value) => {
      if (!pattern.test(value)) throw new Error(expected)
      return value
    },
  }
}

/** A URL with one of the given schemes. `holdsSecret`: it may be given as a file, for a password may be in it. */
export function url(
  variable: string,
  fallback: string,
  description: string,
  schemes: readonly string[],
  { holdsSecret = false }: { holdsSecret?: boolean } = {},
): Setting<string> {
  return {
    variable,
    fallback,
    description,
    holdsSecret,
    parse: (value) => {
      const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : ''
      if (!schemes.includes(scheme)) throw new Error(`a URL that starts with ${schemes.join(':// or ')}://`)
      return value
    },
  }
}

/** A URL of PostgreSQL; what it names is read by {@link readDatabaseHosts}. A password may be in it. */
export function databaseUrl(variable: string, fallback: string, description: string): Setting<string> {
  return checkedUrl(variable, fallback, description, readDatabaseHosts)
}

/** The same; empty for none. */
export function optionalDatabaseUrl(variable: string, description: string): Setting<string> {
  const given = databaseUrl(variable, '', description)
  return { ...given, parse: (value) => (value === '' ? '' : given.parse(value)) }
}

/** A URL of Redis; what it names is read by {@link readRedisServers}. A password may be in it. */
export function redisUrl(variable: string, fallback: string, description: string): Setting<string> {
  return checkedUrl(variable, fallback, description, readRedisServers)
}

/** A URL that stays as it is, once it could be read. */
function checkedUrl(
  variable: string,
  fallback: string,
  description: string,
  read: (url: string) => unknown,
): Setting<string> {
  return {
    variable,
    fallback,
    description,
    holdsSecret: true,
    parse: (value) => {
      read(value)
      return value
    },
  }
}

/** The path of a file that has to be there at the start; empty for none. It may be read again later, when it was replaced. */
export function filePath(variable: string, description: string): Setting<string> {
  return {
    variable,
    fallback: '',
    description,
    parse: (path) => {
      if (path !== '') readBytes(path)
      return path
    },
  }
}

/**
 * Where paths of an HTTP service begin. What a request could not carry is refused: nothing of it is dropped in silence.
 *
 * @param credentials what is to be set in place of a user name and password, for the sentence
 * @param query whether a query is allowed, which then goes with every request; keys of services often are in it
 */
export function httpUrl(
  variable: string,
  fallback: string,
  description: string,
  { credentials, query = false }: { credentials?: string; query?: boolean } = {},
): Setting<string> {
  const setting = url(variable, fallback, description, ['http', 'https'], { holdsSecret: query })
  const instead = credentials === undefined ? '' : `; set ${credentials}`
  return {
    ...setting,
    parse: (value) => {
      const { username, password, search, hash } = new URL(setting.parse(value))
      if (username !== '' || password !== '')
        throw new Error(`a URL without user name and password${instead}`)
      if (hash !== '') throw new Error('a URL without #')
      if (search !== '' && !query) throw new Error('a URL without a query')
      return value
    },
  }
}

/** One of a few words. */
export function choice<const T extends string>(
  variable: string,
  fallback: T,
  description: string,
  words: readonly T[],
): Setting<T> {
  return {
    variable,
    fallback,
    description,
    parse: (value) => {
      const word = words.find((candidate) => candidate === value)
      if (word === undefined) throw new Error(`one of ${words.join(', ')}`)
      return word
    },
  }
}

/** `true` or `1`, `false` or `0`. */
export function flag(variable: string, fallback: boolean, description: string): Setting<boolean> {
  const words = choice(variable, fallback ? 'true' : 'false', description, ['true', 'false', '1', '0'])
  return { ...words, parse: (value) => ['true', '1'].includes(words.parse(value)) }
}

/** Values with commas between them; empty for none. `parseItem` throws an Error whose message says what was expected. */
export function list<T>(
  variable: string,
  description: string,
  parseItem: (text: string) => T,
  maxItems: number,
): Setting<readonly T[]> {
  return {
    variable,
    fallback: '',
    description,
    parse: (text) => {
      const items = text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
      if (items.length > maxItems) throw new Error(`at most ${maxItems} values with commas between them`)
      return items.map(parseItem)
    },
  }
}
