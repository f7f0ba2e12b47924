import type { Listening, StandaloneConfig } from './config.ts'

/** Where a person on this machine, or another app, reaches an app. */
export function urlOf({ host, ports }: Pick<StandaloneConfig, 'host' | 'ports'>, app: Listening): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${ports[app]}`
}
