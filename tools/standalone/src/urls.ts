import type { PortName, StandaloneConfig } from './config.ts'

/** Where a person on this machine, or another app, reaches an app. */
export function urlOf(config: StandaloneConfig, port: PortName): string {
  const { HOST } = config
  const everywhere = HOST === '0.0.0.0' || HOST === '::'
  const host = everywhere ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST
  return `http://${host}:${config[port]}`
}
