import { createFluentStream } from './fluent/fluent-protocol.ts'
import { gelfDatagrams, gelfStream } from './gelf/gelf-protocol.ts'
import type { DatagramProtocol, StreamProtocol } from './listener.ts'
import type { ListenerPort, ListenerSettings } from './settings.ts'
import { statsdDatagrams, statsdStream } from './statsd/statsd-protocol.ts'
import { createSyslogDatagrams, createSyslogStream } from './syslog/syslog-protocol.ts'
import { createTimeZone } from './syslog/time-zone.ts'

/** What is listened for at a port. */
export interface ListenerKind {
  /** For metrics and log. */
  readonly name: string
  /** With TLS, no sender without a certificate is let in where TLS_CLIENT_CA_FILE is set. */
  readonly tls?: true
  /** Senders prove that they have a key of this listener. */
  readonly asksForKey?: (settings: ListenerSettings) => boolean
  readonly protocol: Stream | Datagrams
}

export type ListenerKinds = Readonly<Record<ListenerPort, ListenerKind>>

interface Stream {
  readonly transport: 'stream'
  readonly create: (settings: ListenerSettings) => StreamProtocol
}

interface Datagrams {
  readonly transport: 'datagrams'
  readonly create: (settings: ListenerSettings) => DatagramProtocol
}

const syslog: Stream = { transport: 'stream', create: (settings) => createSyslogStream(clockOf(settings)) }
const fluent: Stream = {
  transport: 'stream',
  create: ({ fluentSharedKey }) => createFluentStream(fluentSharedKey),
}
const hasSharedKey = ({ fluentSharedKey }: ListenerSettings): boolean => fluentSharedKey !== ''

/** Every port that can be opened beside that of HTTP. */
export const DEFAULT_LISTENERS: ListenerKinds = {
  syslogTcp: { name: 'syslog-tcp', protocol: syslog },
  syslogTls: { name: 'syslog-tls', tls: true, protocol: syslog },
  syslogUdp: {
    name: 'syslog-udp',
    protocol: { transport: 'datagrams', create: (settings) => createSyslogDatagrams(clockOf(settings)) },
  },
  gelfTcp: { name: 'gelf-tcp', protocol: { transport: 'stream', create: () => gelfStream } },
  gelfUdp: { name: 'gelf-udp', protocol: { transport: 'datagrams', create: () => gelfDatagrams } },
  statsdTcp: { name: 'statsd-tcp', protocol: { transport: 'stream', create: () => statsdStream } },
  statsdUdp: { name: 'statsd-udp', protocol: { transport: 'datagrams', create: () => statsdDatagrams } },
  fluentTcp: { name: 'fluent-tcp', asksForKey: hasSharedKey, protocol: fluent },
  fluentTls: { name: 'fluent-tls', tls: true, asksForKey: hasSharedKey, protocol: fluent },
}

function clockOf({ syslogZone }: ListenerSettings) {
  return { nowMs: Date.now, zone: createTimeZone(syslogZone) }
}
