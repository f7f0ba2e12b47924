import { Server as TlsServer } from 'node:tls'

/** The event of a connection that requests come over: with TLS, that of the encrypted one, which requests know as theirs. */
export function connectionEventOf(server: object): 'connection' | 'secureConnection' {
  return server instanceof TlsServer ? 'secureConnection' : 'connection'
}
