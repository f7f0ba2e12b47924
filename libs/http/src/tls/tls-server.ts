import type { Logger } from '@runnel/observability'
import { readTlsFiles, type TlsSettings } from '@runnel/runtime'
import { createSecureContext, type SecureContextOptions, type Server, type TlsOptions } from 'node:tls'

/** Paths of what a listener speaks TLS with. */
export type ListenerTls = Pick<TlsSettings, 'certFile' | 'keyFile' | 'clientCaFile'>

/** A connection that does not finish its handshake holds up a drain for no longer. */
const HANDSHAKE_MS = 10_000
const RELOAD_MS = 5_000

/** @throws Error where a file cannot be read */
export function tlsServerOptions(tls: ListenerTls): TlsOptions {
  return {
    ...readMaterial(tls),
    requestCert: tls.clientCaFile !== '',
    rejectUnauthorized: tls.clientCaFile !== '',
    handshakeTimeout: HANDSHAKE_MS,
    minVersion: 'TLSv1.2',
  }
}

/**
 * Uses files that were replaced for new connections; those that are open go on. Files that do not fit together (one of two was
 * replaced) are left aside until they do.
 *
 * @returns a function that ends it
 */
export function followCertificates(
  server: Pick<Server, 'setSecureContext'>,
  tls: ListenerTls,
  log: Pick<Logger, 'info' | 'warn'>,
  everyMs = RELOAD_MS,
): () => void {
  let used = fingerprint(readMaterial(tls))
  let refused = ''
  const look = (): void => {
    let seen = ''
    try {
      const material = readMaterial(tls)
      seen = fingerprint(material)
      if (seen === used || seen === refused) return
      createSecureContext(material)
      server.setSecureContext(material)
      used = seen
      log.info({ certFile: tls.certFile }, 'new connections use the certificate that was replaced')
    } catch (error) {
      if (seen === refused && seen !== '') return
      refused = seen
      log.warn({ err: error, certFile: tls.certFile }, 'a replaced certificate cannot be used yet')
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Small files: reading them shows a change of what a link points to as well. */
function readMaterial({ certFile, keyFile, clientCaFile }: ListenerTls): SecureContextOptions {
  return readTlsFiles({ certFile, keyFile, caFile: clientCaFile })
}

function fingerprint({ cert, key, ca }: SecureContextOptions): string {
  return [cert, key, ca].map((part) => String(part ?? '')).join('\n')
}
