import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createAuthority, eventually, findBinary, runIf, type CertificateAuthority } from '@runnel/testing'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { Agent, request, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { createAppFetch } from '../src/index.ts'
import { followCertificates } from '../src/tls/tls-server.ts'
import { startServer, type TestServer } from './server.ts'

const withOpenssl = runIf(findBinary('openssl') !== undefined, describe, 'openssl is not installed')

withOpenssl('a listener with TLS', () => {
  let ca: CertificateAuthority
  const servers: TestServer[] = []
  beforeAll(() => {
    ca = createAuthority()
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) await server[Symbol.asyncDispose]()
  })
  afterAll(() => ca.close())

  const files = (certificate = ca.issue(['IP:127.0.0.1']), clientCaFile = '') => ({
    ...certificate,
    clientCaFile,
    caFile: ca.caFile,
  })
  const listen = async (tls = files()) => {
    const server = await startServer({}, { tls })
    servers.push(server)
    return { ...server, url: await server.app.listen({ port: 0, host: '127.0.0.1' }) }
  }
  const ask = async (url: string, options: RequestOptions = {}, body?: string) => {
    const asked = request(url, { ca: readFileSync(ca.caFile), agent: false, ...options })
    asked.end(body)
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber
    let text = ''
    for await (const part of response) text += String(part)
    return { status: response.statusCode, text, serial }
  }

  it('answers over https, errors of the parser and refused bodies too', async () => {
    const { url } = await listen()
    expect(url).toMatch(/^https:/)
    expect(await ask(`${url}/things/7`)).toMatchObject({ status: 200, text: '{"id":7}' })
    const headers = { 'content-type': 'application/json' }
    const large = await ask(`${url}/things`, { method: 'POST', headers }, 'x'.repeat(1_000_000))
    expect(large.status).toBe(413)
    expect((await ask(`${url}/${'x'.repeat(100_000)}`)).status).toBe(431)
  })

  it('gives no answer to what is not TLS, and goes on', async () => {
    const { url } = await listen()
    const socket = connectPlain(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
    let heard = ''
    socket.on('data', (part) => (heard += String(part))).on('error', () => undefined)
    await once(socket, 'close')
    expect(heard).not.toContain('HTTP/')
    expect((await ask(`${url}/healthz`)).status).toBe(200)
  })

  it('lets in clients with a certificate alone, where it asks for one', async () => {
    const { url } = await listen(files(undefined, ca.caFile))
    await expect(ask(`${url}/healthz`)).rejects.toThrow()
    const { certFile, keyFile } = ca.issue(['DNS:me'], 'me')
    const own = { cert: readFileSync(certFile), key: readFileSync(keyFile) }
    expect((await ask(`${url}/healthz`, own)).status).toBe(200)
  })

  it('is reached by other apps, which trust its authority and show their own certificate', async () => {
    const { url } = await listen(files(undefined, ca.caFile))
    const apps = createAppFetch(files())
    expect((await apps.fetch(`${url}/healthz`)).status).toBe(200)
    await apps.close()
    await expect(createAppFetch(undefined).fetch(`${url}/healthz`)).rejects.toThrow()
  })

  it('uses replaced files for new connections, keeps open ones, and leaves what does not fit aside', async () => {
    const used = { certFile: join(ca.folder, 'used.pem'), keyFile: join(ca.folder, 'used.key') }
    const put = (name: 'certFile' | 'keyFile', from: typeof used) => copyFileSync(from[name], used[name])
    const [first, second] = [ca.issue(['IP:127.0.0.1']), ca.issue(['IP:127.0.0.1'])]
    put('certFile', first)
    put('keyFile', first)
    const { url, app } = await listen(files(used))
    const lines: string[] = []
    const log = {
      info: (_: object, message: string) => void lines.push(message),
      warn: (_: object, message: string) => void lines.push(message),
    }
    const stop = followCertificates(app.server as never, files(used), log as never, 10)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    try {
      const before = await ask(`${url}/healthz`, { agent })
      put('certFile', second)
      await eventually(() => lines.length === 1)
      expect(lines).toEqual(['a replaced certificate cannot be used yet'])
      expect((await ask(`${url}/healthz`)).serial).toBe(before.serial)
      put('keyFile', second)
      await eventually(() => lines.length === 2)
      const after = await ask(`${url}/healthz`)
      expect(after.serial).not.toBe(before.serial)
      expect((await ask(`${url}/healthz`, { agent })).serial).toBe(before.serial)
      writeFileSync(used.certFile, '')
      await eventually(() => lines.length === 3)
      expect((await ask(`${url}/healthz`)).serial).toBe(after.serial)
    } finally {
      agent.destroy()
      stop()
    }
  })
})
