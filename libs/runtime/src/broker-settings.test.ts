import { describe, expect, it } from '@jest/globals'
import { brokerSettings } from './broker-settings.ts'
import { ConfigError, forApp, readSettings, type Environment } from './settings.ts'

const settings = forApp('consumer', { broker: brokerSettings })

function problemsOf(env: Environment): readonly string[] {
  try {
    readSettings(settings, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('NATS_URL', () => {
  it.each([
    'nats://a',
    'tls://a:4222',
    'nats://a:1,nats://b:2',
    'nats://me:pass@a:1, nats://b:2',
    'tls://t0ken@a,tls://[::1]:1',
    'amqp://me:pass@a:1/events, amqp://b:2',
    'amqps://a',
  ])('takes %s', (url) => {
    expect(readSettings(settings, { NATS_URL: url }).broker.url).toBe(url)
  })

  it.each([
    ['http://a', 'a URL that starts with nats:// or tls:// or amqp:// or amqps://'],
    ['nats://', 'a URL that starts with'],
    ['nats://a,b:4222', 'a URL that starts with'],
    ['nats://a,', 'a URL that starts with'],
    ['nats://a,tls://b', 'one of nats://, tls://, amqp://, amqps:// for all servers alike'],
    [Array.from({ length: 21 }, (_, i) => `nats://h${i}`).join(), 'at most 20 servers'],
  ])('refuses %s', (url, expected) => {
    expect(problemsOf({ NATS_URL: url })).toEqual([expect.stringContaining(expected)])
  })

  it.each(['BROKER_URL', 'RABBITMQ_URL', 'CONSUMER_BROKER_URL', 'CONSUMER_RABBITMQ_URL'])(
    'goes by the name %s as well',
    (name) => {
      expect(readSettings(settings, { [name]: 'amqp://a' }).broker.url).toBe('amqp://a')
    },
  )

  it('names one broker: two names may only say the same', () => {
    const both = { BROKER_URL: 'amqp://a', NATS_URL: 'nats://b' }
    expect(problemsOf(both)).toEqual(['NATS_URL and BROKER_URL are both set: keep one of them'])
    expect(problemsOf({ ...both, NATS_URL: both.BROKER_URL })).toEqual([])
    expect(readSettings(settings, { ...both, CONSUMER_BROKER_URL: 'amqp://c' }).broker.url).toBe('amqp://c')
  })

  it('shows no password of a list that is wrong', () => {
    expect(problemsOf({ NATS_URL: 'nats://a:S3CRET@a,http://b:S3CRET@b' }).join()).not.toContain('S3CRET')
  })
})

describe('the files of NATS', () => {
  it('belong together, and hold what their names say', () => {
    const file = import.meta.filename
    expect(problemsOf({ NATS_CERT_FILE: file })).toEqual([
      'NATS_CERT_FILE and NATS_KEY_FILE belong together: set both, or neither',
    ])
    expect(problemsOf({ CONSUMER_NATS_CA_FILE: file })).toEqual([
      `NATS_CA_FILE="${file}": expected certificates in PEM`,
    ])
    expect(problemsOf({ NATS_CERT_FILE: file, NATS_KEY_FILE: file })).toEqual([
      expect.stringMatching(/^NATS: expected a certificate and its private key in PEM in /),
    ])
    expect(problemsOf({ NATS_CREDS_FILE: file, NATS_NKEY_SEED: `SU${'A'.repeat(56)}` })).toEqual([
      'NATS_CREDS_FILE and NATS_NKEY_SEED are both set: keep one of them',
    ])
  })

  it('have to be there at the start', () => {
    expect(problemsOf({ NATS_CREDS_FILE: '/missing' })).toEqual([
      'NATS_CREDS_FILE="/missing": expected a file that exists',
    ])
  })
})
