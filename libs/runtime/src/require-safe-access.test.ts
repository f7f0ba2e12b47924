import { describe, expect, it } from '@jest/globals'
import { accessSettings } from './access-settings.ts'
import { redisSettings } from './common-settings.ts'
import { httpSettings } from './http-settings.ts'
import { describeOpenAccess, requireSafeAccess, warnOfOpenAccess } from './require-safe-access.ts'
import { readSettings } from './settings.ts'
import { text } from './setting-types.ts'

const REDIS = 'redis://:password@cache'
const table = {
  redis: redisSettings,
  host: text('HOST', '127.0.0.1', ''),
  http: httpSettings,
  access: accessSettings,
}
const read = (env: Record<string, string>) => readSettings(table, env)
const SECRET = { IDENTITY_SECRET: 'x'.repeat(32) }

function start(env: Record<string, string>): string {
  try {
    requireSafeAccess(read(env), table)
    return 'starts'
  } catch (error) {
    return (error as Error).message
  }
}

const warned = (env: Record<string, string>) => {
  const lines: string[] = []
  warnOfOpenAccess({ warn: (_, message) => lines.push(message) }, read(env), table)
  return lines.join()
}

describe('where an app may listen', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost', 'a.localhost'])(
    'starts open on %s without any configuration',
    (HOST) => expect(start({ HOST })).toBe('starts'),
  )

  it.each(['0.0.0.0', '::', '192.0.2.1', '::ffff:192.0.2.1', 'runnel.example', 'localhost.example'])(
    'is refused on %s without access control',
    (HOST) => {
      expect(start({ HOST })).toContain('set AUTH=keys, or AUTH=none')
      expect(start({ HOST, TRUSTED_PROXIES: '10.0.0.1', PRIVATE_NETWORK: '1' })).toContain('set AUTH=keys')
      expect(start({ HOST, AUTH: 'none' })).toBe('starts')
    },
  )

  it('asks how keys travel off loopback: TLS, a trusted proxy, or a private network', () => {
    const env = { HOST: '0.0.0.0', AUTH: 'keys', ...SECRET }
    expect(start(env)).toContain('would send keys unencrypted')
    expect(start({ ...env, PRIVATE_NETWORK: '1' })).toBe('starts')
    expect(start({ ...env, TRUSTED_PROXIES: '10.0.0.1' })).toBe('starts')
    expect(() => requireSafeAccess({ ...read(env), tls: { certFile: 'a.pem' } }, table)).not.toThrow()
    expect(start({ ...env, HOST: '127.0.0.1' })).toBe('starts')
  })

  it('asks for the secret that the apps share, where there is more than one process', () => {
    expect(start({ AUTH: 'keys' })).toContain('AUTH=keys needs IDENTITY_SECRET')
    expect(() => requireSafeAccess(read({ AUTH: 'keys' }), table, { sharesIdentity: false })).not.toThrow()
    const second = start({ IDENTITY_SECRET_SECOND: 'x'.repeat(32) })
    expect(second).toContain('IDENTITY_SECRET_SECOND is set, but IDENTITY_SECRET is not')
    expect(() => read({ IDENTITY_SECRET: 'short' })).toThrow('IDENTITY_SECRET=***: expected at least 32')
  })

  it('refuses well-known passwords off loopback; where AUTH=none is said, it warns of them', () => {
    const keys = { HOST: '0.0.0.0', AUTH: 'keys', ...SECRET, PRIVATE_NETWORK: '1', REDIS_URL: REDIS }
    expect(start(keys)).toContain('REDIS_URL has a well-known password')
    expect(start({ ...keys, AUTH: '' })).toContain('REDIS_URL has a well-known password')
    expect(start({ ...keys, HOST: '::1' })).toBe('starts')
    expect(start({ ...keys, AUTH: 'none' })).toBe('starts')
    expect(warned({ ...keys, AUTH: 'none' })).toContain('REDIS_URL has a well-known password')
    expect(warned({ ...keys, AUTH: 'none', HOST: 'localhost' })).toBe('')
  })

  it('warns at every start of what is open', () => {
    expect(warned({})).toBe('')
    expect(warned({ HOST: '0.0.0.0', AUTH: 'none' })).toContain('AUTH=none')
    const keys = { HOST: '0.0.0.0', AUTH: 'keys', PRIVATE_NETWORK: '1' }
    expect(warned(keys)).toContain('keys travel unencrypted')
    expect(warned({ ...keys, TRUSTED_PROXIES: '10.0.0.1' })).toBe('')
    expect(describeOpenAccess(read(keys))).toBe(warned(keys))
  })
})
