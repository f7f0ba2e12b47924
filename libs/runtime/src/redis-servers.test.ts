import { describe, expect, it } from '@jest/globals'
import { redisSettings } from './common-settings.ts'
import { findKnownPasswords } from './known-passwords.ts'
import { readRedisServers } from './redis-servers.ts'
import { readSettings } from './settings.ts'

const read = (REDIS_URL: string) => readSettings(redisSettings, { REDIS_URL })

describe('a URL of Redis', () => {
  it('names one server', () => {
    const url = 'rediss://me:p%40@h:6380/2'
    expect(readRedisServers(url)).toEqual({ kind: 'server', isTls: true, url })
    expect(readRedisServers('redis://h')).toMatchObject({ kind: 'server', isTls: false })
  })

  it('names sentinels, the group whose master is meant, its login and its database', () => {
    expect(readRedisServers('redis+sentinel://me:p%40%2Css@s1:1,s2,[fd00::5]:3/orders-1/4')).toEqual({
      ...{ kind: 'sentinel', isTls: false, username: 'me', password: 'p@,ss', master: 'orders-1' },
      addresses: [
        { host: 's1', port: 1 },
        { host: 's2', port: 26_379 },
        { host: 'fd00::5', port: 3 },
      ],
      database: 4,
    })
    expect(readRedisServers('rediss+sentinel://:p@ss@s1/m')).toMatchObject({
      ...{ isTls: true, username: undefined, password: 'p@ss', master: 'm', database: 0 },
    })
  })

  it('names nodes of a cluster', () => {
    expect(readRedisServers('rediss+cluster://:secret@a:7000,b/')).toEqual({
      ...{ kind: 'cluster', isTls: true, username: undefined, password: 'secret' },
      addresses: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
    })
  })

  it.each([
    ['http://h', 'redis+sentinel://host1:26379'],
    ['redis+proxy://h', 'redis+sentinel://host1:26379'],
    ['redis://a:1,b:2', 'redis+cluster://host1:6379'],
    ['redis+sentinel://h', 'the name of the master'],
    ['redis+sentinel://h/m/x', '/master/0'],
    ['redis+sentinel://h/m/0/1', '/master/0'],
    ['redis+sentinel://,h/m', 'a valid name and port'],
    ['redis+sentinel://h:99999/m', 'a valid name and port'],
    ['redis+sentinel://h/m?password=s3cret', 'without ?'],
    ['redis+sentinel://s3cret@h/m', 'a password before the @'],
    ['redis+sentinel://:s3cret%@h/m', 'two hexadecimal digits'],
    ['redis+cluster://h/1', 'without a database'],
    [`redis+cluster://${Array.from({ length: 21 }, (_, i) => `h${i}`).join(',')}`, 'at most 20 servers'],
  ])('is refused where it says what nothing would follow: %s', (url, expected) => {
    expect(() => read(url)).toThrow(expected)
    expect(() => read(url)).not.toThrow('s3cret')
  })

  it('is judged like others for a well-known password, that of the sentinels too', () => {
    const problemsOf = (env: Record<string, string>) =>
      findKnownPasswords(redisSettings, readSettings(redisSettings, env)).join()
    expect(problemsOf({ REDIS_URL: 'redis+sentinel://u:redis@a:1,b:2/m' })).toContain('REDIS_URL has')
    expect(problemsOf({ REDIS_URL: 'redis+cluster://:Z2hVu7tq@a:1,b:2' })).toBe('')
    expect(problemsOf({ REDIS_SENTINEL_PASSWORD: 'changeme' })).toContain('REDIS_SENTINEL_PASSWORD has')
  })
})
