import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createLogger } from '@runnel/observability'
import type { TlsFiles } from '@runnel/runtime'
import {
  createAuthority,
  eventually,
  findBinary,
  runIf,
  startRedis,
  startRedisSentinel,
  type CertificateAuthority,
  type ManagedProcess,
} from '@runnel/testing'
import { Redis } from 'ioredis'
import { readFileSync } from 'node:fs'
import { connectRedis, type RedisConnection } from '../src/connect-redis.ts'

const isPossible = findBinary('openssl') !== undefined && findBinary('redis-server') !== undefined

runIf(
  isPossible,
  describe,
  'openssl or Redis is not installed',
)('TLS to Redis', () => {
  let ca: CertificateAuthority
  let server: ManagedProcess
  let probe: (url: string) => Promise<void>
  const connections: RedisConnection[] = []
  const errors: string[] = []

  beforeAll(async () => {
    ca = createAuthority()
    const { certFile, keyFile } = ca.issue(['IP:127.0.0.1'])
    const own = ca.issue(['DNS:probe'], 'probe')
    const args = [
      ...['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', ca.caFile],
      // A client without a certificate is refused.
      ...['--tls-auth-clients', 'yes', '--port', '0'],
    ]
    probe = async (url) => {
      const [cert, key, trust] = [own.certFile, own.keyFile, ca.caFile].map((file) => readFileSync(file))
      const client = new Redis(url, {
        lazyConnect: true,
        retryStrategy: () => null,
        tls: { cert, key, ca: trust! },
      })
      client.on('error', () => undefined)
      try {
        await client.connect()
        await client.ping()
      } finally {
        client.disconnect()
      }
    }
    server = await startRedis({ probe, args, isSecure: true })
  }, 60_000)
  afterEach(() => connections.splice(0).forEach((connection) => connection.close()))
  afterAll(async () => {
    await server?.close()
    ca?.close()
  })

  const open = (url: string, files: TlsFiles) => {
    const log = createLogger('test', 'silent')
    errors.length = 0
    log.debug = ((fields: { err?: Error }) => void errors.push(fields.err?.message ?? '')) as typeof log.debug
    const connection = connectRedis(url, log, { files })
    connections.push(connection)
    return connection
  }
  const refuses = async (url: string, files: TlsFiles, reason: RegExp) => {
    const connection = open(url, files)
    await eventually(() => reason.test(errors.join()))
    expect(connection.connected()).toBe(false)
  }

  it('is what rediss:// and an authority mean, with a certificate of its own', async () => {
    const own = ca.issue(['DNS:me'], 'me')
    for (const scheme of ['rediss:', 'redis:']) {
      const connection = open(server.url.replace('rediss:', scheme), { caFile: ca.caFile, ...own })
      await eventually(() => connection.connected())
    }
  })

  it('goes to sentinels and to the server that they name', async () => {
    const own = ca.issue(['DNS:me'], 'me')
    const shown = ca.issue(['IP:127.0.0.1'])
    const tls = [
      ...[
        `tls-cert-file ${shown.certFile}`,
        `tls-key-file ${shown.keyFile}`,
        `tls-ca-cert-file ${ca.caFile}`,
      ],
      'tls-auth-clients yes',
    ]
    const group = { master: 'group', masterPort: server.port }
    await using sentinel = await startRedisSentinel({ ...group, tls, probe })
    const url = `rediss+sentinel://127.0.0.1:${sentinel.port}/group`
    const connection = open(url, { caFile: ca.caFile, ...own })
    await eventually(() => connection.connected())
    await eventually(
      async () => (await connection.read({ entry: '{a}:e', fence: '{a}:f', scope: 'one' })) !== undefined,
    )
    await refuses(url, own, /All sentinels are unreachable/)
  })

  it('is refused without the authority, or for another host', async () => {
    const own = ca.issue(['DNS:me'], 'me')
    await refuses(server.url, own, /certificate/)
    const named = server.url.replace('127.0.0.1', 'localhost')
    await refuses(named, { caFile: ca.caFile, ...own }, /does not match certificate/)
  })

  it('is not given up where the server offers none', async () => {
    const plain = await startRedis()
    try {
      await refuses(plain.url.replace('redis:', 'rediss:'), { caFile: ca.caFile }, /./)
    } finally {
      await plain.close()
    }
  })
})
