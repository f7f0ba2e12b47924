import { ConfigError, isLoopback, type TlsSettings } from '@runnel/runtime'
import { DEFAULT_LISTENERS } from './default-listeners.ts'
import { listenerSettings, type ListenerPort, type ListenerSettings } from './settings.ts'

interface ListenerExposure {
  readonly host: string
  readonly tls?: TlsSettings | undefined
  readonly listeners: ListenerSettings
}

/**
 * To be called at the start. Most protocols without HTTP know no credentials: off loopback such a port is opened only where it is said who may
 * send to it.
 *
 * @returns the configuration
 * @throws ConfigError that names every problem
 */
export function requireSafeListeners<T extends ListenerExposure>(config: T): T {
  const problems = openPorts(config.listeners).flatMap((port) => findProblems(port, config))
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

/** Ports that are set, in the order of the settings. */
export function openPorts({ ports }: Pick<ListenerSettings, 'ports'>): ListenerPort[] {
  return (Object.keys(listenerSettings.ports) as ListenerPort[]).filter((port) => ports[port] !== undefined)
}

function findProblems(port: ListenerPort, { host, tls, listeners }: ListenerExposure): string[] {
  const { tls: isTls, asksForKey } = DEFAULT_LISTENERS[port]
  const { variable } = listenerSettings.ports[port]
  if (isTls && !tls?.certFile)
    return [`${variable} needs TLS_CERT_FILE and TLS_KEY_FILE: it speaks TLS with them`]
  const address = listeners.host || host
  const asksForCertificate = isTls === true && Boolean(tls?.clientCaFile)
  const isGuarded = listeners.allowedNetworks.length > 0 || asksForCertificate || asksForKey?.(listeners)
  if (isLoopback(address) || isGuarded) return []
  const others = [
    ...(isTls ? ['TLS_CLIENT_CA_FILE to ask senders for certificates'] : []),
    ...(asksForKey ? ['FLUENT_SHARED_KEY to ask them for a key'] : []),
  ]
  const instead = others.map((other) => `, or ${other}`).join('')
  return [
    `${variable} at ${address} would take events from any sender that reaches it: set ALLOWED_NETWORKS to the networks that may send${instead}, or LISTENER_HOST to a loopback address`,
  ]
}
