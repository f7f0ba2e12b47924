import { createTlsOptions, sslModeOf, type TlsFiles } from '@runnel/runtime'
import type { ConnectionOptions } from 'node:tls'

/**
 * The driver's `ssl`. Unlike in libpq, `require` checks the certificate as `verify-full` does: encryption to a server that may be any
 * other protects from little.
 *
 * @returns undefined where neither the URL nor a file asks for anything
 */
export function sslOptions(url: string, files: TlsFiles): ConnectionOptions | false | undefined {
  const mode = sslModeOf(url, files)
  if (mode === undefined) return undefined
  if (mode === 'disable') return false
  const options = createTlsOptions(files) as ConnectionOptions
  // The chain is checked; the name is not.
  if (mode === 'verify-ca') options.checkServerIdentity = () => undefined
  return options
}
