import { appTlsOptions, type TlsSettings } from '@runnel/runtime'
import { Agent } from 'undici'

/** `fetch` from one app to another. */
export interface AppFetch {
  readonly fetch: typeof globalThis.fetch
  /** Cuts connections that are kept. */
  close(): Promise<void>
}

/** Trusts the authorities of TLS_CA_FILE, and shows the app's own certificate to those that ask for one. */
export function createAppFetch(tls: TlsSettings | undefined): AppFetch {
  const options = appTlsOptions(tls)
  if (Object.keys(options).length === 0) return { fetch: globalThis.fetch, close: async () => undefined }
  const dispatcher = new Agent({ connect: options })
  return {
    fetch: (input, init) => globalThis.fetch(input, { ...init, dispatcher } as unknown as RequestInit),
    close: () => dispatcher.destroy(),
  }
}
