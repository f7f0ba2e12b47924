import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { readTlsFiles, type BrokerAccess } from '@runnel/runtime'
import {
  credsAuthenticator,
  nkeyAuthenticator,
  type Authenticator,
  type ConnectionOptions,
  type TlsOptions,
} from 'nats'
import type { ServerAddress } from './server-address.ts'

/** Logs in with what the URL says, and trusts whom Node.js trusts. */
export const NO_ACCESS: BrokerAccess = { credsFile: '', nkeySeed: '', caFile: '', certFile: '', keyFile: '' }

/**
 * How to log in to one server, and whether by TLS. Files are read at every connection, so that new credentials and certificates
 * count from the next one on.
 *
 * @throws Error where a file cannot be read
 */
export function accessOptions(server: ServerAddress, access: BrokerAccess): ConnectionOptions {
  const authenticator = authenticatorOf(access)
  return {
    ...(authenticator === undefined ? server.login : { authenticator }),
    ...(asksForTls(server, access) && { tls: tlsOptions(server, access) }),
  }
}

/** Whether a connection without TLS would be refused. The client takes TLS as well where only the server asks for it. */
export function asksForTls({ isSecure }: ServerAddress, { caFile, certFile }: BrokerAccess): boolean {
  return isSecure || caFile !== '' || certFile !== ''
}

function authenticatorOf({ credsFile, nkeySeed }: BrokerAccess): Authenticator | undefined {
  if (credsFile !== '') return credsAuthenticator(readFileSync(credsFile))
  return nkeySeed === '' ? undefined : nkeyAuthenticator(Buffer.from(nkeySeed))
}

/** The client passes all of it on to `tls.connect`; its own type knows only a part. */
function tlsOptions({ hostname }: ServerAddress, files: BrokerAccess): TlsOptions {
  const options = {
    ...readTlsFiles(files),
    // For an address the client names nothing that the certificate has to hold; Node.js would expect `localhost`.
    ...(isIP(hostname) !== 0 && { host: hostname }),
  }
  return options as unknown as TlsOptions
}
