import { describe, expect, it } from '@jest/globals'
import { databaseConnectionSettings, readReplicaSettings } from './common-settings.ts'
import { readDatabaseHosts } from './database-hosts.ts'
import { readSettings } from './settings.ts'

const urlsOf = (url: string) => readDatabaseHosts(url).urls

describe('a URL of PostgreSQL', () => {
  it('with one server stays as it is', () => {
    for (const url of [
      'postgres://h/db',
      'postgresql://me:p,%40@h:5433/db?sslmode=require&options=-c%20a=b',
      'postgres:///db?host=/run/postgresql&port=5433',
      'postgres://[::1]:5432/db',
      'postgres://%2Frun%2Fpostgresql/db',
    ])
      expect(readDatabaseHosts(url)).toEqual({ urls: [url], attribute: 'any' })
  })

  it('names several servers, each with its port, login and parameters', () => {
    expect(readDatabaseHosts('postgres://me:p%40,ss@a:1,b,[fd00::5]:3/db?sslmode=require')).toEqual({
      urls: [
        'postgres://me:p%40,ss@a:1/db?sslmode=require',
        'postgres://me:p%40,ss@b:5432/db?sslmode=require',
        'postgres://me:p%40,ss@[fd00::5]:3/db?sslmode=require',
      ],
      attribute: 'read-write',
    })
  })

  it('names them by parameters as well, with a port for each or one for all', () => {
    expect(urlsOf('postgres:///db?host=a,b&port=1,2')).toEqual(['postgres://a:1/db', 'postgres://b:2/db'])
    expect(urlsOf('postgres:///db?host=a,fd00::5&port=7')).toEqual([
      'postgres://a:7/db',
      'postgres://[fd00::5]:7/db',
    ])
    expect(urlsOf('postgres:///db?host=a,b')).toEqual(['postgres://a:5432/db', 'postgres://b:5432/db'])
  })

  it('says how long a login at one of them may take', () => {
    expect(readDatabaseHosts('postgres://a,b/db?connect_timeout=3').connectTimeoutMs).toBe(3000)
    expect(readDatabaseHosts('postgres://a/db?connect_timeout=3').connectTimeoutMs).toBe(3000)
  })

  it.each(['any', 'read-write', 'read-only', 'primary', 'standby'])('asks for %s', (attribute) => {
    expect(readDatabaseHosts(`postgres://a,b/db?x=1&target_session_attrs=${attribute}`)).toEqual({
      urls: ['postgres://a:5432/db?x=1', 'postgres://b:5432/db?x=1'],
      attribute,
    })
    expect(readDatabaseHosts(`postgres://a/db?target_session_attrs=${attribute}`)).toEqual({
      urls: ['postgres://a/db'],
      attribute,
    })
  })

  it.each([
    ['mysql://h/db', 'starts with postgres://'],
    ['not a URL', 'starts with postgres://'],
    ['postgres://a,,b/db', 'a name for each server'],
    ['postgres://a,:5432/db', 'a name for each server'],
    ['postgres://a,b:99999/db', 'a valid name and port'],
    ['postgres://a b,c/db', 'a valid name and port'],
    ['postgres://a,b/db?target_session_attrs=prefer-standby', 'one target_session_attrs of any, read-write'],
    ['postgres://a,b/db?target_session_attrs=any&target_session_attrs=primary', 'one target_session_attrs'],
    ['postgres://a/db?target_session_attrs=', 'one target_session_attrs'],
    ['postgres://a,b/db?load_balance_hosts=random', 'without load_balance_hosts'],
    ['postgres://c/db?host=a,b', 'not in both'],
    ['postgres:///db?host=a,b&port=1,2,3', 'one port, or one for each server'],
    ['postgres:///db?host=/run/a,/run/b', 'a name or an address for each server'],
    ['postgres://a/db?connect_timeout=0', 'connect_timeout of 1 to 60 seconds'],
    ['postgres://a,b/db?connect_timeout=2s', 'connect_timeout of 1 to 60 seconds'],
    [`postgres://${Array.from({ length: 21 }, (_, i) => `h${i}`).join(',')}/db`, 'at most 20 servers'],
  ])('is refused where nothing would follow it: %s', (url, expected) => {
    expect(() => readDatabaseHosts(url)).toThrow(expected)
  })

  it('is refused as a setting of apps where it asks for a server that does not write', () => {
    const read = (DATABASE_URL: string) => readSettings(databaseConnectionSettings, { DATABASE_URL })
    expect(read('postgres://a,b/db?target_session_attrs=primary').url).toContain('a,b')
    expect(() => read('postgres://a,b/db?target_session_attrs=standby')).toThrow('but Runnel writes there')
    expect(() => read('postgres://a,b/db?sslmode=prefer')).toThrow('expected disable, require')
    expect(() => read('postgres://me:secret@a,/db')).not.toThrow('secret')
    expect(() => read('postgres://me:secret@a,/db')).toThrow('DATABASE_URL')
  })

  it('names standbys for reads, which it may say', () => {
    const readUrl = (DATABASE_READ_URL: string) =>
      readSettings(readReplicaSettings, { DATABASE_READ_URL }).url
    expect(readUrl('')).toBe('')
    for (const url of ['postgres://a,b/db', 'postgres://a,b/db?target_session_attrs=standby'])
      expect(readUrl(url)).toBe(url)
    expect(() => readUrl('postgres://a/db?target_session_attrs=primary')).toThrow('a URL of standbys')
    expect(() => readUrl('postgres://a/db?sslmode=prefer')).toThrow('sslmode=disable, require')
  })

  it('has another name', () => {
    expect(readSettings(databaseConnectionSettings, { POSTGRES_URL: 'postgres://h/db' }).url).toBe(
      'postgres://h/db',
    )
    expect(() =>
      readSettings(databaseConnectionSettings, {
        POSTGRES_URL: 'postgres://h/db',
        DATABASE_URL: 'postgres://i/db',
      }),
    ).toThrow('POSTGRES_URL')
  })
})
