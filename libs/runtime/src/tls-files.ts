import { createSecureContext } from 'node:tls'
import { readBytes } from './read-setting-file.ts'

/** Files of one side of TLS (PEM); empty texts for what is not set. */
export interface TlsFiles {
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
}

/** What the files hold, as node:tls takes it. */
export interface TlsMaterial {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
}

/** @throws Error where a file cannot be read */
export function readTlsFiles({ caFile, certFile, keyFile }: TlsFiles): TlsMaterial {
  return {
    ...(caFile && { ca: readBytes(caFile) }),
    ...(certFile && { cert: readBytes(certFile) }),
    ...(keyFile && { key: readBytes(keyFile) }),
  }
}

/**
 * What node:tls takes, with members that are read again whenever a connection asks for them: replaced files count from the next
 * connection on. While a file cannot be read, what it held last counts.
 *
 * @throws Error where a file cannot be read at first
 */
export function createTlsOptions({ caFile, certFile, keyFile }: TlsFiles): TlsMaterial {
  const options = {}
  for (const [member, file] of Object.entries({ ca: caFile, cert: certFile, key: keyFile })) {
    if (!file) continue
    let last = readBytes(file)
    const get = (): Buffer => {
      try {
        last = readBytes(file)
      } catch {
        // It is being replaced.
      }
      return last
    }
    Object.defineProperty(options, member, { get, enumerable: true, configurable: true })
  }
  return options
}

/**
 * What is wrong with the files together, in sentences: it is found at the start, not at the first connection.
 *
 * @param prefix of their variables, such as `NATS` for NATS_CERT_FILE
 */
export function findTlsFileProblems(prefix: string, files: TlsFiles): string[] {
  const names = [`${prefix}_CERT_FILE`, `${prefix}_KEY_FILE`] as const
  if (Boolean(files.certFile) !== Boolean(files.keyFile))
    return [`${names.join(' and ')} belong together: set both, or neither`]
  try {
    const material = readTlsFiles(files)
    if (material.ca && !/-----BEGIN (?:TRUSTED )?CERTIFICATE-----/.test(material.ca.toString('latin1')))
      return [`${prefix}_CA_FILE="${files.caFile}": expected certificates in PEM`]
    createSecureContext(material)
    return []
  } catch (error) {
    // Messages of OpenSSL name what it could not read, and nothing of it.
    const { code, message } = error as NodeJS.ErrnoException
    const shown = [files.caFile, files.certFile, files.keyFile].filter(Boolean).join(', ')
    return [`${prefix}: expected a certificate and its private key in PEM in ${shown} (${code ?? message})`]
  }
}
