import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
const named = (variable: string) => [
  expect.stringMatching(new RegExp(`^${variable}( \\(or [^)]+\\))? has a well-known password`)),
]

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
    ['NATS_URL', 'amqp://queue'],
    ['NATS_URL', 'amqps://a/vhost,amqps://b'],
    ['NATS_URL', 'amqp://guest:guest@queue'],
    ['NATS_URL', 'amqp://me:rabbitmq@a,amqp://b'],
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
    ['NATS_URL', 'amqp://me:f3ac0a5f@a,amqp://b'],
    ['REDIS_URL', 'redis://redis:6379'],
  ])('is none in %s=%s', (variable, value) => {
    expect(find({ [variable]: value })).toEqual([])
  })

  it('is found under each name of a setting, and in a file, and the names are said', () => {
    const folder = mkdtempSync(join(tmpdir(), 'runnel-passwords-'))
    const file = join(folder, 'url')
    writeFileSync(file, 'amqp://guest:guest@queue\n')
    for (const name of ['NATS_URL', 'BROKER_URL', 'RABBITMQ_URL'])
      for (const env of [{ [name]: 'amqp://guest:guest@queue' }, { [`${name}_FILE`]: file }])
        expect(find(env)).toEqual([expect.stringContaining('NATS_URL (or BROKER_URL, RABBITMQ_URL)')])
    rmSync(folder, { recursive: true })
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
