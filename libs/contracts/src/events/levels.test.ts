import { describe, expect, it } from '@jest/globals'
import { levelOfPino, levelOfSyslog, LEVELS, readLevelName, spellingsOf } from './levels.ts'

describe('a level', () => {
  it.each([
    ['WARNING', 'warn'],
    ['err', 'error'],
    ['Information', 'info'],
    ['INFO    ', 'info'],
    ['CRITICAL', 'fatal'],
    ['40', 'warn'],
    ['E', 'error'],
    ['Notice', 'notice'],
    ['AUDIT', 'audit'],
    ['35', '35'],
    ['', ''],
    ['ÄRGER', 'Ärger'],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
  ])('is read from the name %j as %j', (name, level) => {
    expect(readLevelName(name)).toBe(level)
  })

  it('is itself, and one of its own spellings', () => {
    for (const level of LEVELS) {
      expect(readLevelName(level)).toBe(level)
      expect(readLevelName(level.toUpperCase())).toBe(level)
      for (const spelling of spellingsOf(level)) expect(readLevelName(spelling)).toBe(level)
    }
    expect(spellingsOf('notice')).toEqual(['notice'])
  })

  it('is read from the numbers of pino, and of syslog', () => {
    expect([10, 20, 30, 40, 50, 60].map(levelOfPino)).toEqual(LEVELS)
    expect([35, 0, -10, 1e21, NaN].map(levelOfPino)).toEqual(Array(5).fill(undefined))
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(levelOfSyslog)).toEqual([
      'fatal',
      'fatal',
      'fatal',
      'error',
      'warn',
      'info',
      'info',
      'debug',
    ])
    expect([8, -1, 1.5].map(levelOfSyslog)).toEqual(Array(3).fill(undefined))
  })
})
