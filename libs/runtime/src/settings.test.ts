import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { choice, flag, httpUrl, integer, port, text, url } from './setting-types.ts'
import {
  ConfigError,
  forApp,
  listSettings,
  readSettings,
  warnOfOldNames,
  type Environment,
  type SettingsTable,
} from './settings.ts'

const count = integer('COUNT', 5, 'How many', { min: 1, max: 10 })
const storeUrl = url('STORE_URL', 'redis://127.0.0.1:6379', 'Where', ['redis', 'rediss'])

const table = {
  port: port('PORT', 8080, 'TCP port'),
  batches: {
    count,
    limits: { prefix: text('PREFIX', '', 'Letters', { pattern: /^[a-z]*$/, expected: 'letters' }) },
  },
  token: text('TOKEN', undefined, 'Has to be given'),
  store: { url: storeUrl },
  mode: choice('MODE', 'slow', 'How fast', ['slow', 'fast']),
  loud: flag('LOUD', false, 'Whether it is loud'),
}

function problemsOf(settings: SettingsTable, env: Environment): readonly string[] {
  try {
    readSettings(settings, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('readSettings', () => {
  it('reads every type in the shape of the table, and takes defaults for what is missing, empty or blank', () => {
    expect(readSettings(table, { TOKEN: 'x', COUNT: '', MODE: '  ' })).toEqual({
      port: 8080,
      batches: { count: 5, limits: { prefix: '' } },
      token: 'x',
      store: { url: 'redis://127.0.0.1:6379' },
      mode: 'slow',
      loud: false,
    })
    const env = {
      TOKEN: ' y ',
      COUNT: ' 10\n',
      PORT: '0',
      PREFIX: 'abc',
      STORE_URL: 'rediss://h',
      MODE: 'fast',
      LOUD: 'true',
    }
    expect(readSettings(table, env)).toEqual({
      port: 0,
      batches: { count: 10, limits: { prefix: 'abc' } },
      token: 'y',
      store: { url: 'rediss://h' },
      mode: 'fast',
      loud: true,
    })
  })

  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ])('reads the flag %s', (LOUD, loud) => {
    expect(readSettings(table, { TOKEN: 'x', LOUD }).loud).toBe(loud)
  })

  it('reports all problems at once, with what was expected', () => {
    const env = { COUNT: '11', PORT: '65536', PREFIX: 'A', STORE_URL: 'http://h', MODE: 'Fast', LOUD: 'yes' }
    const error = new ConfigError(problemsOf(table, env))
    expect(error.problems).toEqual([
      'PORT="65536": expected a whole number from 0 to 65535',
      'COUNT="11": expected a whole number from 1 to 10',
      'PREFIX="A": expected letters',
      'TOKEN is missing: Has to be given',
      'STORE_URL="http://h": expected a URL that starts with redis:// or rediss://',
      'MODE="Fast": expected one of slow, fast',
      'LOUD="yes": expected one of true, false, 1, 0',
    ])
    for (const problem of error.problems) expect(error.message).toContain(problem)
  })

  it.each(['1.5', '1e1', '0x5', '+5', '5 5', '0', '-1', '٣', 'NaN', '9'.repeat(400)])(
    'refuses %j where a whole number from 1 to 10 belongs',
    (value) => {
      expect(problemsOf({ count }, { COUNT: value })).toHaveLength(1)
    },
  )

  it.each(['redis', '//h', 'redis//h', 'h:6379'])('refuses %j where a URL belongs', (value) => {
    expect(problemsOf({ url: storeUrl }, { STORE_URL: value })).toHaveLength(1)
  })

  it('refuses what no request to a service would carry, and names what to set', () => {
    const service = httpUrl('SERVICE_URL', 'http://h', 'Where', { credentials: 'SERVICE_TOKEN' })
    const gateway = httpUrl('SERVICE_URL', 'http://h', 'Where', { query: true })
    const problem = (setting: typeof service, value: string) =>
      problemsOf({ url: setting }, { SERVICE_URL: value })[0]
    expect(problem(service, 'https://h:1/base/')).toBeUndefined()
    expect(problem(service, 'http://h/?key=1')).toContain('expected a URL without a query')
    expect(problem(gateway, 'http://h/?key=1')).toBeUndefined()
    expect(problem(gateway, 'http://h/#part')).toContain('expected a URL without #')
    for (const value of ['http://me@h', 'http://me:pass@h/', 'http://:pass@h'])
      expect(problem(service, value)).toMatch(
        /expected a URL without user name and password; set SERVICE_TOKEN$/,
      )
    expect(problem(gateway, 'ftp://h')).toContain('http:// or https://')
  })

  it('does not show the password of a URL', () => {
    const [problem] = problemsOf({ url: storeUrl }, { STORE_URL: 'http://me:s3cret@host/0' })
    expect(problem).toContain('//***@host')
    expect(problem).not.toContain('s3cret')
  })

  it.each([
    'http://me:s3cr/et@host/0',
    'http://me:s3cret@more@host/0',
    'http://s3cret?x@host/0',
    'http://me:p#s3cret@host',
    'http://host/0?password=s3cret',
    'http://host/0?password=s3c@s3cret',
    'http//me:s3cret@host',
    'me:s3cret@host',
    'http:s3cret@host',
  ])('does not show the password of %j, whatever it is made of', (value) => {
    const [problem] = problemsOf({ url: storeUrl }, { STORE_URL: value })
    expect(problem).toMatch(/^STORE_URL=.*expected/)
    expect(problem).not.toMatch(/s3c/)
  })

  it('shows nothing of a secret', () => {
    const key = text('KEY', '', 'A key', { pattern: /^[a-z]*$/, expected: 'letters', secret: true })
    expect(problemsOf({ key }, { KEY: 's3cret' })).toEqual(['KEY=***: expected letters'])
  })
})

describe('the variables of one app', () => {
  const renamed = { batches: { count: { ...count, formerly: 'OLD_COUNT' } } }
  const consumer = forApp('consumer', renamed)
  const query = forApp('query-api', renamed)

  it('win over the shared one, and that one over its old name; empty ones count as not set', () => {
    const value = fc.constantFrom(undefined, '', ' ', '1', '2', '3')
    fc.assert(
      fc.property(value, value, value, value, (own, other, shared, old) => {
        const env = { CONSUMER_COUNT: own, QUERY_API_COUNT: other, COUNT: shared, OLD_COUNT: old }
        const first = (...texts: (string | undefined)[]) => Number(texts.find((text) => text?.trim()) ?? 5)
        expect(readSettings(consumer, env).batches.count).toBe(first(own, shared, old))
        expect(readSettings(query, env).batches.count).toBe(first(other, shared, old))
      }),
    )
  })

  it.each([
    [{ CONSUMER_COUNT: 'x', COUNT: '1' }, 'CONSUMER_COUNT="x"'],
    [{ CONSUMER_COUNT: ' ', COUNT: 'y' }, 'COUNT="y"'],
    [{ OLD_COUNT: 'z' }, 'OLD_COUNT="z"'],
  ])('are named where they are wrong: %j', (env, start) => {
    expect(problemsOf(consumer, env)).toEqual([`${start}: expected a whole number from 1 to 10`])
  })

  it('do not reach another app, not even where they are wrong', () => {
    expect(readSettings(query, { CONSUMER_COUNT: 'x' })).toEqual({ batches: { count: 5 } })
  })
})

describe('warnOfOldNames', () => {
  const settings = { store: { url: { ...storeUrl, formerly: 'OLD_URL' } }, count }
  const warningsFor = (env: Environment): string[] => {
    const warnings: string[] = []
    warnOfOldNames({ warn: (_, message) => warnings.push(message) }, settings, env)
    return warnings
  }

  it('names the new variable of each old one that is set', () => {
    expect(warningsFor({ OLD_URL: 'redis://h', COUNT: '1' })).toEqual([
      'the setting OLD_URL is now called STORE_URL; the next version ignores the old name',
    ])
    expect(warningsFor({ STORE_URL: 'redis://h', OLD_URL: ' ' })).toEqual([])
  })
})

it('listSettings lists every setting with the keys that lead to it', () => {
  expect(listSettings(table).map(({ path, setting }) => [path.join('.'), setting.variable])).toEqual([
    ['port', 'PORT'],
    ['batches.count', 'COUNT'],
    ['batches.limits.prefix', 'PREFIX'],
    ['token', 'TOKEN'],
    ['store.url', 'STORE_URL'],
    ['mode', 'MODE'],
    ['loud', 'LOUD'],
  ])
})
