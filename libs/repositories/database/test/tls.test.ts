import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  createAuthority,
  findBinary,
  runIf,
  startPostgres,
  unprivilegedUser,
  type CertificateAuthority,
  type ManagedProcess,
} from '@runnel/testing'
import { sql } from 'kysely'
import { chmodSync, chownSync } from 'node:fs'
import { connectDatabase, type DatabaseOptions } from '../src/database.ts'

const isPossible = findBinary('openssl') !== undefined && findBinary('postgres') !== undefined

runIf(
  isPossible,
  describe,
  'openssl or PostgreSQL is not installed',
)('TLS to PostgreSQL', () => {
  let ca: CertificateAuthority
  let others: CertificateAuthority
  let server: ManagedProcess

  beforeAll(async () => {
    ca = createAuthority()
    others = createAuthority('Others')
    const { certFile, keyFile } = ca.issue(['IP:127.0.0.1'])
    const user = unprivilegedUser()
    if (user) chownSync(keyFile, user.uid, user.gid)
    chmodSync(keyFile, 0o600)
    const files = [`ssl_cert_file=${certFile}`, `ssl_key_file=${keyFile}`, `ssl_ca_file=${ca.caFile}`]
    server = await startPostgres({ settings: ['ssl=on', ...files] })
  }, 60_000)
  afterAll(async () => {
    await server?.close()
    ca?.close()
    others?.close()
  })

  /** The version of TLS that a connection uses; null for plain text. */
  const versionOver = async (parameters: string, more: Partial<DatabaseOptions> = {}, host = '127.0.0.1') => {
    const url = `${server.url.replace('127.0.0.1', host)}${parameters}`
    const database = connectDatabase({
      ...{ url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 5_000 },
      ...{ connectTimeoutMs: 20_000, ...more },
    })
    try {
      const { rows } = await sql<{ version: string | null; dn: string | null }>`
        select version, client_dn as dn from pg_stat_ssl where pid = pg_backend_pid()`.execute(
        database.kysely,
      )
      return [rows[0]?.version, rows[0]?.dn]
    } finally {
      await database.close()
    }
  }

  it.each(['?sslmode=require', '?sslmode=verify-full', '?sslmode=verify-ca', ''])(
    'is used with %s and an authority',
    async (parameters) => {
      const [version] = await versionOver(parameters, { caFile: ca.caFile })
      expect(version).toMatch(/^TLSv1/)
    },
  )

  it('is not used where nothing asks for it', async () => {
    for (const parameters of ['', '?sslmode=disable'])
      expect(await versionOver(parameters)).toEqual([null, null])
  })

  it('is refused where the certificate is of another authority, be it with require', async () => {
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      await expect(versionOver(`?sslmode=${mode}`)).rejects.toThrow(/certificate/)
      await expect(versionOver(`?sslmode=${mode}`, { caFile: others.caFile })).rejects.toThrow(/certificate/)
    }
  })

  it('is refused where the certificate is for another host, but with verify-ca', async () => {
    const trust = { caFile: ca.caFile }
    for (const parameters of ['', '?sslmode=require', '?sslmode=verify-full'])
      await expect(versionOver(parameters, trust, 'localhost')).rejects.toThrow(/does not match certificate/)
    expect((await versionOver('?sslmode=verify-ca', trust, 'localhost'))[0]).toMatch(/^TLSv1/)
  })

  it('asks each of several servers for its own name', async () => {
    const trust = { caFile: ca.caFile }
    const { port } = new URL(server.url)
    expect((await versionOver('', trust, `localhost:${port},127.0.0.1`))[0]).toMatch(/^TLSv1/)
    await expect(versionOver('', trust, `localhost:${port},localhost`)).rejects.toThrow(/does not match/)
  })

  it('shows a certificate of its own', async () => {
    const own = ca.issue(['DNS:me'], 'runnel')
    expect((await versionOver('', { caFile: ca.caFile, ...own }))[1]).toBe('/CN=runnel')
  })

  it('is not given up where the server offers none', async () => {
    const plain = await startPostgres()
    try {
      const options = {
        applicationName: 'test',
        poolSize: 1,
        statementTimeoutMs: 5_000,
        connectTimeoutMs: 20_000,
      }
      const database = connectDatabase({ ...options, url: plain.url, caFile: ca.caFile })
      await expect(sql`select 1`.execute(database.kysely)).rejects.toThrow(/does not support SSL/)
      await database.close()
    } finally {
      await plain.close()
    }
  })
})
