import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SystemState } from '@runnel/contracts/api/system'
import {
  createAuthority,
  eventually,
  findBinary,
  runIf,
  spawnPlatform,
  type CertificateAuthority,
  type RunningPlatform,
} from '@runnel/testing'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'

const withOpenssl = runIf(findBinary('openssl') !== undefined, describe, 'openssl is not installed')

withOpenssl('apps that speak TLS and let in certificates alone', () => {
  let ca: CertificateAuthority
  let platform: RunningPlatform<'ingest-api' | 'query-api' | 'producer-sim'>
  let own: { readonly cert: Buffer; readonly key: Buffer; readonly ca: Buffer }

  beforeAll(async () => {
    ca = createAuthority()
    const { certFile, keyFile } = ca.issue(['IP:127.0.0.1'])
    own = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(ca.caFile) }
    platform = await spawnPlatform({
      apps: ['ingest-api', 'query-api', 'producer-sim'],
      env: {
        TLS_CERT_FILE: certFile,
        TLS_KEY_FILE: keyFile,
        TLS_CA_FILE: ca.caFile,
        TLS_CLIENT_CA_FILE: ca.caFile,
      },
    })
  }, 110_000)
  afterAll(async () => {
    await platform?.[Symbol.asyncDispose]()
    ca?.close()
  })

  const ask = async (path: string) => {
    const asked = request(`${platform.apps['query-api'].url}${path}`, own)
    asked.end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    let text = ''
    for await (const part of response) text += String(part)
    return { status: response.statusCode, text }
  }

  it('reach each other: the system page sees them, and what is forwarded arrives', async () => {
    await eventually(async () => {
      const { apps } = JSON.parse((await ask('/api/v1/system')).text) as SystemState
      return ['ingest-api', 'producer-sim'].every((name) =>
        apps.some((app) => app.name === name && app.status === 'ready'),
      )
    })
    expect((await ask('/api/v1/dead-letters')).status).toBe(200)
  })

  it('keep out a client without a certificate', async () => {
    const asked = request(`${platform.apps['query-api'].url}/healthz`, { ca: own.ca })
    asked.end()
    await expect(once(asked, 'response')).rejects.toThrow()
  })
})
