import { lookup as lookUp, type LookupAddress, type LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import { buildConnector } from 'undici'
import { ClosedNetworkError } from './network-guard.ts'

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void

/** How names become addresses. */
export type LookUp = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Connects only to addresses that are open. They are judged where the connection is made: a name may lead elsewhere than it did
 * when it was looked at before.
 */
export function createGuardedConnector(
  isOpen: (address: string) => boolean,
  timeoutMs: number,
  lookUpAll: LookUp = lookUp,
): buildConnector.connector {
  const lookup = (hostname: string, options: LookupOptions, callback: LookupCallback) => {
    lookUpAll(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const open = addresses.filter(({ address }) => isOpen(address))
      const [first] = open
      if (!first) return callback(new ClosedNetworkError(), [])
      if (options.all) callback(null, open)
      else callback(null, first.address, first.family)
    })
  }
  const connect = buildConnector({ timeout: timeoutMs, lookup } as buildConnector.BuildOptions)
  return (options, callback) => {
    // No name is looked up for an address.
    const host = options.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) !== 0 && !isOpen(host)) return callback(new ClosedNetworkError(), null)
    connect(options, callback)
  }
}
