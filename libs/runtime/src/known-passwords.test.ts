import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { brokerSettings } from './broker-settings.ts'
import { databaseConnectionSettings, gatewaySettings, redisSettings } from './common-settings.ts'
import { findKnownPasswords } from './known-passwords.ts'
import { readSettings } from './settings.ts'

const table = {
  database: databaseConnectionSettings,
  broker: brokerSettings,
  redis: redisSettings,
  gateway: gatewaySettings,
}
const GATEWAY_TOKEN = 'f3ac0a5f6c1f4b1e'
const find = (env: Record<string, string>) =>
  findKnownPasswords(table, readSettings(table, { GATEWAY_TOKEN, ...env }))
const named = (variable: string) => [expect.stringContaining(`${variable} has a well-known password`)]

describe('a well-known password', () => {
  it.each([
    ['DATABASE_URL', 'postgres://runnel:postgres@db/runnel'],
    ['DATABASE_URL', 'postgres://me:PassWord@db/runnel'],
    ['DATABASE_URL', 'postgres://me:%70assword@db/runnel'],
    ['DATABASE_URL', 'postgres://a-name:a-name@db/runnel'],
    ['DATABASE_URL', 'postgres://me:@db/runnel'],
    ['DATABASE_URL', 'postgres://me@db/runnel?password=changeme'],
    ['NATS_URL', 'nats://me:f3ac0a5f@a,nats://me:guest@b'],
    ['NATS_URL', 'nats://secret@a'],
    ['REDIS_URL', 'redis://:redis@cache:6379'],
    ['GATEWAY_TOKEN', 'runnel'],
  ])('is found in %s=%s', (variable, value) => {
    expect(find({ [variable]: value })).toEqual(named(variable))
  })

  it.each([
    ['DATABASE_URL', 'postgres://postgres@db/runnel'],
    ['DATABASE_URL', 'postgres://db/password'],
    ['DATABASE_URL', 'postgres://admin:f3ac0a5f6c1f4b1e@db/runnel'],
    ['NATS_URL', 'nats://admin:f3ac0a5f@a,nats://[::1]:4222'],
    ['NATS_URL', 'nats://nats:4222'],
    ['REDIS_URL', 'redis://redis:6379'],
  ])('is none in %s=%s', (variable, value) => {
    expect(find({ [variable]: value })).toEqual([])
  })

  it('is none that was drawn at random, and no sentence holds the password', () => {
    const password = fc.stringMatching(/^[0-9a-f]{32}$/)
    fc.assert(
      fc.property(password, (secret) => {
        expect(find({ DATABASE_URL: `postgres://me:${secret}@db/runnel`, GATEWAY_TOKEN: secret })).toEqual([])
      }),
    )
    expect(find({ DATABASE_URL: 'postgres://me:letmein@db/runnel' }).join()).not.toContain('letmein')
  })
})
