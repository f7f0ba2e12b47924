import { freePort } from '@runnel/testing'

/** Settings of ingest-api that open a listener without HTTP, and the variable under which the clients look for it. */
const LISTENERS = {
  SYSLOG_TCP_PORT: 'SYSLOG_TCP',
  SYSLOG_UDP_PORT: 'SYSLOG_UDP',
  GELF_TCP_PORT: 'GELF_TCP',
  GELF_UDP_PORT: 'GELF_UDP',
  STATSD_UDP_PORT: 'STATSD_UDP',
  FLUENT_PORT: 'FLUENT_TCP',
} as const

export type ListenerSetting = keyof typeof LISTENERS

export interface ListenerPorts {
  /** For ingest-api. */
  readonly settings: Readonly<Record<ListenerSetting, string>>
  /** For the clients: host and port. */
  readonly addresses: Readonly<Record<string, string>>
}

/** A free port for each listener. */
export async function chooseListenerPorts(): Promise<ListenerPorts> {
  const ports = await Promise.all(
    Object.entries(LISTENERS).map(async ([setting, variable]) => ({
      setting,
      variable,
      port: await freePort(),
    })),
  )
  return {
    settings: Object.fromEntries(ports.map(({ setting, port }) => [setting, String(port)])) as Record<
      ListenerSetting,
      string
    >,
    addresses: Object.fromEntries(ports.map(({ variable, port }) => [variable, `127.0.0.1:${port}`])),
  }
}
