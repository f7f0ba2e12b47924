import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { integer, text, url } from './setting-types.ts'
import {
  ConfigError,
  fileVariableOf,
  forApp,
  readSettings,
  variablesOf,
  type Environment,
} from './settings.ts'

const table = forApp('consumer', {
  token: text('TOKEN', 'none', 'Secret', { pattern: /^[a-z ]*$/, expected: 'letters', secret: true }),
  store: url('STORE_URL', 'redis://h', 'Where', ['redis'], { holdsSecret: true }),
  count: integer('COUNT', 5, 'How many'),
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-settings-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileWith(content: string | Uint8Array): string {
  const path = join(folder, 'value')
  writeFileSync(path, content)
  return path
}

function problemsOf(env: Environment): readonly string[] {
  try {
    readSettings(table, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('a setting that may be secret', () => {
  it('is read from the file that its variable with _FILE names, without the newlines at the end', () => {
    for (const end of ['', '\n', '\r\n', '\n\n'])
      expect(readSettings(table, { TOKEN_FILE: fileWith(` abc ${end}`) }).token).toBe(' abc ')
    expect(readSettings(table, { STORE_URL_FILE: fileWith('redis://me:pass@h\n') }).store).toBe(
      'redis://me:pass@h',
    )
  })

  it('follows links, as the secrets of Kubernetes are', () => {
    const link = join(folder, 'link')
    symlinkSync(fileWith('linked'), link)
    expect(readSettings(table, { TOKEN_FILE: link }).token).toBe('linked')
  })

  it('is refused where both are given under one name', () => {
    const file = fileWith('abc')
    expect(problemsOf({ TOKEN: 'a', TOKEN_FILE: file })).toEqual([
      'TOKEN and TOKEN_FILE are both set: keep one of them',
    ])
    expect(problemsOf({ CONSUMER_TOKEN: 'a', CONSUMER_TOKEN_FILE: file })).toHaveLength(1)
    expect(problemsOf({ TOKEN: ' ', TOKEN_FILE: file })).toEqual([])
  })

  it('comes from what is given for the app alone, be it the value or its file', () => {
    const given = fc.constantFrom('value', 'file', 'nothing')
    const file = fileWith('from file')
    fc.assert(
      fc.property(given, given, (own, shared) => {
        const env = {
          ...(own === 'value' ? { CONSUMER_TOKEN: 'own' } : {}),
          ...(own === 'file' ? { CONSUMER_TOKEN_FILE: file } : {}),
          ...(shared === 'value' ? { TOKEN: 'shared' } : {}),
          ...(shared === 'file' ? { TOKEN_FILE: file } : {}),
        }
        const outcome = { value: ['own', 'shared'], file: ['from file', 'from file'] } as const
        const expected =
          own !== 'nothing' ? outcome[own][0] : shared !== 'nothing' ? outcome[shared][1] : 'none'
        expect(readSettings(table, env).token).toBe(expected)
      }),
    )
  })

  it('shows the path and never the content where it is wrong', () => {
    const file = fileWith('S3CRET')
    expect(problemsOf({ TOKEN_FILE: file })).toEqual([`TOKEN_FILE="${file}": expected letters`])
    const [problem] = problemsOf({ CONSUMER_STORE_URL_FILE: fileWith('http://me:S3CRET@h') })
    expect(problem).toMatch(/^CONSUMER_STORE_URL_FILE=".*": expected a URL that starts with redis/)
    expect(problem).not.toContain('S3CRET')
  })

  it.each([
    ['is missing', () => join(folder, 'missing'), 'a file that exists'],
    ['is a folder', () => folder, 'a regular file'],
    ['is a device', () => '/dev/zero', 'a regular file'],
    ['is empty', () => fileWith('\n'), 'a file that is not empty'],
    ['is not UTF-8', () => fileWith(new Uint8Array([0xff])), 'text in UTF-8'],
    ['is too large', () => fileWith('a'.repeat(1024 ** 2 + 1)), 'a file of at most 1048576 bytes'],
    ['lies below a file', () => join(fileWith('a'), 'below'), 'a file that exists'],
  ])('is refused where the file %s', (_, path, expected) => {
    expect(problemsOf({ TOKEN_FILE: path() })).toEqual([`TOKEN_FILE="${path()}": expected ${expected}`])
  })
})

it('a setting without secrets has no file', () => {
  expect(readSettings(table, { COUNT_FILE: fileWith('7') }).count).toBe(5)
  expect(fileVariableOf(table.count)).toBeUndefined()
})

it('variablesOf lists every variable that sets a setting, the one that wins first', () => {
  expect(variablesOf({ ...table.store, formerly: 'OLD_URL' })).toEqual([
    ...['CONSUMER_STORE_URL', 'CONSUMER_STORE_URL_FILE', 'STORE_URL', 'STORE_URL_FILE'],
    ...['OLD_URL', 'OLD_URL_FILE'],
  ])
  expect(variablesOf(table.count)).toEqual(['CONSUMER_COUNT', 'COUNT'])
})
