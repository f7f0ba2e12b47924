import { describe, expect, it } from '@jest/globals'
import { choice, integer, port, text, url } from './setting-types.ts'
import { ConfigError, readSettings, type SettingsTable } from './settings.ts'

const table = {
  COUNT: integer(5, 'How many', { min: 1, max: 10 }),
  PORT: port(8080, 'TCP port'),
  PREFIX: text('', 'Letters', { pattern: /^[a-z]*$/, expected: 'letters' }),
  TOKEN: text(undefined, 'Has to be given'),
  STORE_URL: url('redis://127.0.0.1:6379', 'Where', ['redis', 'rediss']),
  MODE: choice('slow', 'How fast', ['slow', 'fast']),
}

function problemsOf(settings: SettingsTable, env: Record<string, string>): readonly string[] {
  try {
    readSettings(settings, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('readSettings', () => {
  it('reads every type, and takes defaults for what is missing, empty or blank', () => {
    expect(readSettings(table, { TOKEN: 'x', COUNT: '', MODE: '  ' })).toEqual({
      COUNT: 5,
      PORT: 8080,
      PREFIX: '',
      TOKEN: 'x',
      STORE_URL: 'redis://127.0.0.1:6379',
      MODE: 'slow',
    })
    const env = {
      TOKEN: ' y ',
      COUNT: ' 10\n',
      PORT: '0',
      PREFIX: 'abc',
      STORE_URL: 'rediss://h',
      MODE: 'fast',
    }
    expect(readSettings(table, env)).toEqual({
      COUNT: 10,
      PORT: 0,
      PREFIX: 'abc',
      TOKEN: 'y',
      STORE_URL: 'rediss://h',
      MODE: 'fast',
    })
  })

  it('tells all problems at once, with what was expected', () => {
    const env = { COUNT: '11', PORT: '65536', PREFIX: 'A', STORE_URL: 'http://h', MODE: 'Fast' }
    const error = new ConfigError(problemsOf(table, env))
    expect(error.problems).toEqual([
      'COUNT="11": expected a whole number from 1 to 10',
      'PORT="65536": expected a whole number from 0 to 65535',
      'PREFIX="A": expected letters',
      'TOKEN is missing: Has to be given',
      'STORE_URL="http://h": expected a URL that starts with redis:// or rediss://',
      'MODE="Fast": expected one of slow, fast',
    ])
    for (const problem of error.problems) expect(error.message).toContain(problem)
  })

  it.each(['1.5', '1e1', '0x5', '+5', '5 5', '0', '-1', '٣', 'NaN', '9'.repeat(400)])(
    'refuses %j where a whole number from 1 to 10 belongs',
    (value) => {
      expect(problemsOf({ COUNT: table.COUNT }, { COUNT: value })).toHaveLength(1)
    },
  )

  it.each(['redis', '//h', 'redis//h', 'h:6379'])('refuses %j where a URL belongs', (value) => {
    expect(problemsOf({ STORE_URL: table.STORE_URL }, { STORE_URL: value })).toHaveLength(1)
  })

  it('does not show the password of a URL', () => {
    const [problem] = problemsOf({ STORE_URL: table.STORE_URL }, { STORE_URL: 'http://me:s3cret@host/0' })
    expect(problem).toContain('//***@host')
    expect(problem).not.toContain('s3cret')
  })

  it('shows nothing of a secret', () => {
    const secret = { KEY: text('', 'A key', { pattern: /^[a-z]*$/, expected: 'letters', secret: true }) }
    expect(problemsOf(secret, { KEY: 's3cret' })).toEqual(['KEY=***: expected letters'])
  })
})
