import { filePath } from './setting-types.ts'
import { checked, type SettingsOf } from './settings.ts'
import { createTlsOptions, findTlsFileProblems } from './tls-files.ts'

/** How an app speaks TLS with those that ask it, and with other apps. */
export const tlsSettings = checked(
  {
    certFile: filePath(
      'TLS_CERT_FILE',
      'Certificate (PEM, with those between it and its authority) that the app answers over https with, and shows to other apps; empty: plain http',
    ),
    keyFile: filePath('TLS_KEY_FILE', 'Private key (PEM) of TLS_CERT_FILE'),
    clientCaFile: filePath(
      'TLS_CLIENT_CA_FILE',
      'Certificates (PEM) of authorities: no client is let in without a certificate by one of them',
    ),
    caFile: filePath(
      'TLS_CA_FILE',
      'Certificates (PEM) of the authorities that other apps are trusted by, in place of those of Node.js',
    ),
  },
  ({ certFile, keyFile, clientCaFile, caFile }) => [
    ...findTlsFileProblems('TLS', { certFile, keyFile, caFile }),
    ...findTlsFileProblems('TLS_CLIENT', { caFile: clientCaFile }),
    ...(clientCaFile !== '' && certFile === ''
      ? ['TLS_CLIENT_CA_FILE is set, but TLS_CERT_FILE is not: without TLS no client shows a certificate']
      : []),
  ],
)

/** Paths; empty for what is not set. */
export type TlsSettings = SettingsOf<typeof tlsSettings>

/** What a request to another app is made with, as node:tls takes it. */
export function appTlsOptions(tls: TlsSettings | undefined): ReturnType<typeof createTlsOptions> {
  if (tls === undefined) return {}
  const { caFile, certFile, keyFile } = tls
  return { ...createTlsOptions({ caFile, certFile, keyFile }) }
}
