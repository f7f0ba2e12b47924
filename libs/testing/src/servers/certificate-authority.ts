import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireBinary } from './binaries.ts'

interface IssuedCertificate {
  readonly certFile: string
  readonly keyFile: string
}

/** Signs certificates of tests, for two days. Its files are removed by close(). */
export interface CertificateAuthority {
  readonly caFile: string
  readonly folder: string
  /**
   * @param names as openssl writes them, such as `DNS:localhost` or `IP:127.0.0.1`
   * @param commonName that of a client, by which servers know it
   */
  issue(names: readonly string[], commonName?: string): IssuedCertificate
  close(): void
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** @throws Error where there is no openssl */
export function createAuthority(name = 'Tests'): CertificateAuthority {
  const openssl = requireBinary('openssl')
  const folder = mkdtempSync(join(tmpdir(), 'runnel-certificates-'))
  const run = (...args: string[]): void => void execFileSync(openssl, args, { cwd: folder, stdio: 'pipe' })
  let issued = 0
  run('req', '-x509', ...KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', `/CN=${name}`)
  // Servers that run as other users read what is in it.
  chmodSync(folder, 0o755)
  return {
    folder,
    caFile: join(folder, 'ca.pem'),
    issue(names, commonName = 'server') {
      const base = `issued-${++issued}`
      writeFileSync(join(folder, `${base}.ext`), `subjectAltName=${names.join(',')}\n`)
      run('req', ...KEY, '-keyout', `${base}.key`, '-out', `${base}.csr`, '-subj', `/CN=${commonName}`)
      run(
        ...['x509', '-req', '-in', `${base}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
        ...['-days', '2', '-extfile', `${base}.ext`, '-out', `${base}.pem`],
      )
      return { certFile: join(folder, `${base}.pem`), keyFile: join(folder, `${base}.key`) }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
