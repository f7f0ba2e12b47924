import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { ConfigError } from '@runnel/runtime'
import { createAuthority, eventually, type CertificateAuthority } from '@runnel/testing'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { loadConfig } from '../../src/config.ts'
import { requireSafeListeners } from '../../src/listeners/require-safe-listeners.ts'
import { dial, startListeners, type RunningListeners } from './start-listeners.ts'

let authority: CertificateAuthority
let server: { certFile: string; keyFile: string }
let listeners: RunningListeners | undefined

beforeAll(() => {
  authority = createAuthority()
  const issued = authority.issue(['IP:127.0.0.1'], 'first')
  server = { certFile: join(authority.folder, 'used.pem'), keyFile: join(authority.folder, 'used.key') }
  replace(issued)
})

afterEach(async () => {
  await listeners?.[Symbol.asyncDispose]()
  listeners = undefined
})

afterAll(() => authority.close())

function replace({ certFile, keyFile }: { certFile: string; keyFile: string }): void {
  copyFileSync(keyFile, server.keyFile)
  copyFileSync(certFile, server.certFile)
}

const tlsEnv = () => ({ TLS_CERT_FILE: server.certFile, TLS_KEY_FILE: server.keyFile })

async function dialTls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', ca: readFileSync(authority.caFile), ...options })
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  return socket
}

/** @returns how many connections were refused, for one reason or all */
function refused(reason?: string): Promise<number> {
  return listeners!.count('runnel_listener_refused_total', reason === undefined ? {} : { reason })
}

describe('a listener with TLS', () => {
  it('takes messages, and shows a certificate that was replaced to new connections', async () => {
    listeners = await startListeners({ env: { SYSLOG_TLS_PORT: '0', ...tlsEnv() } })
    const port = listeners.portOf('syslog-tls')
    const socket = await dialTls(port)
    expect(socket.getPeerCertificate().subject.CN).toBe('first')
    socket.write('21 <13>1 - h a - - - one')
    await eventually(() => listeners!.stored().length === 1)
    replace(authority.issue(['IP:127.0.0.1'], 'second'))
    await eventually(async () => {
      const other = await dialTls(port)
      const name = other.getPeerCertificate().subject.CN
      other.destroy()
      return name === 'second'
    })
    socket.end('21 <13>1 - h a - - - two')
    await eventually(() => listeners!.stored().length === 2)
    await eventually(async () => (await listeners!.count('runnel_listener_connections')) === 0)
  })

  it('counts a connection no longer once it has ended, whether or not its handshake was finished', async () => {
    const limit = { LISTENER_CONNECTIONS_PER_ADDRESS: '1', LISTENER_FRAME_MS: '1000' }
    listeners = await startListeners({ env: { SYSLOG_TLS_PORT: '0', ...tlsEnv(), ...limit } })
    const port = listeners.portOf('syslog-tls')
    await expect(dialTls(port, { ca: [] })).rejects.toThrow()
    for (let n = 1; n <= 3; n++) {
      const socket = await eventually(() => dialTls(port))
      socket.end(`19 <13>1 - h a - - - ${n}`)
      await eventually(() => listeners!.stored().length === n)
    }
  })

  it('closes a connection whose handshake never ends, though some bytes of it come', async () => {
    const env = { SYSLOG_TLS_PORT: '0', ...tlsEnv(), LISTENER_FRAME_MS: '2000' }
    listeners = await startListeners({ env })
    const { socket, closed } = await dial(listeners.portOf('syslog-tls'))
    // The beginning of a hello of 4096 bytes.
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x10, 0x00, 0x01, 0x00, 0x0f, 0xfc, 0x03, 0x03]))
    const drip = setInterval(() => socket.write('x'), 20)
    await closed
    clearInterval(drip)
    await eventually(async () => (await refused('too_slow')) === 1)
    // By the time of a later message, whatever else was counted is there.
    const other = await eventually(() => dialTls(listeners!.portOf('syslog-tls')))
    other.end('19 <13>1 - h a - - - 1')
    await eventually(() => listeners!.stored().length === 1)
    expect(await refused()).toBe(1)
  })

  it('counts what it refuses once: a failed handshake, and a connection that is let into none', async () => {
    const limit = { LISTENER_CONNECTIONS_PER_ADDRESS: '1' }
    listeners = await startListeners({ env: { SYSLOG_TLS_PORT: '0', ...tlsEnv(), ...limit } })
    const port = listeners.portOf('syslog-tls')
    const plain = await dial(port)
    plain.socket.write('no handshake at all')
    await plain.closed
    await eventually(async () => (await refused('handshake_failed')) === 1)
    const first = await eventually(() => dialTls(port))
    await expect(dialTls(port)).rejects.toThrow()
    await eventually(async () => (await refused('too_many_connections_of_address')) === 1)
    first.destroy()
    await eventually(async () => (await listeners!.count('runnel_listener_connections')) === 0)
    expect(await refused()).toBe(2)
  })

  it('asks for certificates of senders where their authority is named', async () => {
    const env = { FLUENT_TLS_PORT: '0', ...tlsEnv(), TLS_CLIENT_CA_FILE: authority.caFile }
    listeners = await startListeners({ env })
    const port = listeners.portOf('fluent-tls')
    const stranger = await dialTls(port)
    // With TLS 1.3 a client learns of it only after its part of the handshake.
    const refused = new Promise((resolve) => stranger.once('error', resolve).once('close', resolve))
    stranger.write('x')
    await refused
    const { certFile, keyFile } = authority.issue(['DNS:sender'], 'sender')
    const sender = await dialTls(port, { cert: readFileSync(certFile), key: readFileSync(keyFile) })
    sender.write(Buffer.from([0x93, 0xa1, 0x74, 0x01, 0x81, 0xa1, 0x61, 0x01]))
    await eventually(() => listeners!.stored().length === 1)
    sender.destroy()
    expect(await listeners.count('runnel_listener_refused_total', { reason: 'handshake_failed' })).toBe(1)
  })
})

describe('off loopback', () => {
  const problemsOf = (env: Record<string, string>): readonly string[] => {
    try {
      requireSafeListeners(loadConfig({ HOST: '0.0.0.0', AUTH: 'none', ...env }))
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.problems
      throw error
    }
  }

  it.each<[Record<string, string>, RegExp | undefined]>([
    [{}, undefined],
    [{ SYSLOG_UDP_PORT: '514' }, /^SYSLOG_UDP_PORT at 0.0.0.0 .* set ALLOWED_NETWORKS .* LISTENER_HOST/],
    [{ SYSLOG_UDP_PORT: '514', AUTH: 'keys', IDENTITY_SECRET: 'x'.repeat(32) }, /ALLOWED_NETWORKS/],
    [{ SYSLOG_UDP_PORT: '514', ALLOWED_NETWORKS: '10.0.0.0/8' }, undefined],
    [{ SYSLOG_UDP_PORT: '514', LISTENER_HOST: '127.0.0.1' }, undefined],
    [{ HOST: '127.0.0.1', SYSLOG_UDP_PORT: '514' }, undefined],
    [{ HOST: '127.0.0.1', LISTENER_HOST: '10.0.0.1', GELF_UDP_PORT: '1' }, /GELF_UDP_PORT at 10.0.0.1/],
    [{ FLUENT_PORT: '1' }, /or FLUENT_SHARED_KEY/],
    [{ FLUENT_PORT: '1', FLUENT_SHARED_KEY: 'long enough' }, undefined],
    [{ STATSD_TCP_PORT: '1', FLUENT_SHARED_KEY: 'long enough' }, /STATSD_TCP_PORT/],
    [{ HOST: '127.0.0.1', SYSLOG_TLS_PORT: '1' }, /SYSLOG_TLS_PORT needs TLS_CERT_FILE/],
  ])('%j starts, or says what is missing', (env, problem) => {
    const problems = problemsOf(env)
    if (problem === undefined) expect(problems).toEqual([])
    else expect(problems).toEqual([expect.stringMatching(problem)])
  })

  it('a listener with TLS needs certificates of senders, or their networks', () => {
    const env = { SYSLOG_TLS_PORT: '1', ...tlsEnv() }
    expect(problemsOf(env)).toEqual([expect.stringMatching(/or TLS_CLIENT_CA_FILE/)])
    expect(problemsOf({ ...env, TLS_CLIENT_CA_FILE: authority.caFile })).toEqual([])
  })
})
