import { integer, networks, port, readSettings, text, type Setting, type SettingsOf } from '@runnel/runtime'
import { createTimeZone } from './syslog/time-zone.ts'

const MB = 1024 ** 2

/** A port that is closed unless it is set. */
function optionalPort(variable: string, description: string): Setting<number | undefined> {
  const setting = port(variable, 0, `${description}; empty: none`)
  return { ...setting, fallback: '', parse: (value) => (value === '' ? undefined : setting.parse(value)) }
}

/** Ports of connections with TLS, with the certificate of TLS_CERT_FILE. */
const tlsPorts = {
  syslogTls: optionalPort('SYSLOG_TLS_PORT', 'TCP port for syslog over TLS, as RFC 5425 has it'),
  fluentTls: optionalPort('FLUENT_TLS_PORT', 'TCP port for the forward protocol of Fluentd over TLS'),
}

/** Ports of what clients send without HTTP and without TLS. */
const plainPorts = {
  syslogTcp: optionalPort('SYSLOG_TCP_PORT', 'TCP port for syslog, RFC 5424 and RFC 3164'),
  syslogUdp: optionalPort('SYSLOG_UDP_PORT', 'UDP port for syslog, RFC 5424 and RFC 3164'),
  gelfTcp: optionalPort('GELF_TCP_PORT', 'TCP port for GELF'),
  gelfUdp: optionalPort('GELF_UDP_PORT', 'UDP port for GELF'),
  statsdTcp: optionalPort('STATSD_TCP_PORT', 'TCP port for statsd'),
  statsdUdp: optionalPort('STATSD_UDP_PORT', 'UDP port for statsd'),
  fluentTcp: optionalPort('FLUENT_PORT', 'TCP port for the forward protocol of Fluentd and Fluent Bit'),
}

/** What one listener, and all of them together, may take of this process. */
const limitSettings = {
  connections: integer('LISTENER_CONNECTIONS', 1000, 'Connections without HTTP that may be open at a time', {
    min: 1,
  }),
  connectionsPerAddress: integer(
    'LISTENER_CONNECTIONS_PER_ADDRESS',
    100,
    'Connections without HTTP that one address may have open',
    { min: 1 },
  ),
  idleMs: integer(
    'LISTENER_IDLE_MS',
    3_600_000,
    'Milliseconds after which a connection without HTTP is closed that sends nothing',
    { min: 1000, max: 86_400_000 },
  ),
  frameMs: integer(
    'LISTENER_FRAME_MS',
    30_000,
    'Milliseconds after which it is closed in the middle of a message, or of its handshake',
    { min: 100, max: 3_600_000 },
  ),
  frameBytes: integer('LISTENER_FRAME_BYTES', 512 * 1024, 'Bytes of one message of syslog, GELF or statsd', {
    min: 512,
    // The broker takes no larger event, and a message is inflated and parsed in one go.
    max: MB,
  }),
  bytes: integer(
    'LISTENER_BYTES',
    64 * MB,
    'Bytes from all connections without HTTP that may be in memory; beyond them, nothing more is read of those that wait for the broker',
    { min: MB },
  ),
  queueEvents: integer(
    'DATAGRAM_QUEUE_EVENTS',
    50_000,
    'Events of each UDP port that may wait for the broker; more are dropped and counted',
    { min: 1 },
  ),
  queueBytes: integer('DATAGRAM_QUEUE_BYTES', 32 * MB, 'Bytes of them', { min: 1024 }),
  receiveBufferBytes: integer(
    'DATAGRAM_RECEIVE_BUFFER_BYTES',
    4 * MB,
    'Bytes that the kernel keeps of each UDP port while this process is busy; it may allow less (net.core.rmem_max)',
    { min: 4096, max: 1024 * MB },
  ),
  gelfChunksBytes: integer(
    'GELF_CHUNKS_BYTES',
    16 * MB,
    'Bytes of chunks of GELF over UDP that may wait for the others of their message',
    { min: 64 * 1024 },
  ),
  gelfChunksMs: integer(
    'GELF_CHUNKS_MS',
    5000,
    'Milliseconds in which all chunks of a message have to come',
    {
      min: 100,
      max: 600_000,
    },
  ),
  fluentChunkBytes: integer(
    'FLUENT_CHUNK_BYTES',
    16 * MB,
    'Bytes of one chunk of the forward protocol, as received and again after inflating',
    { min: 1024, max: 256 * MB },
  ),
}

const otherSettings = {
  host: text(
    'LISTENER_HOST',
    '',
    'Address that listeners without HTTP open their ports at; empty: that of HOST',
  ),
  allowedNetworks: networks(
    'ALLOWED_NETWORKS',
    'IP addresses or networks that may send without HTTP, where senders show neither a key nor a certificate; with commas between them',
  ),
  fluentSharedKey: text(
    'FLUENT_SHARED_KEY',
    '',
    'Key that senders of the forward protocol prove to have (security, shared_key); empty: they are not asked',
    { pattern: /^$|^.{8,1024}$/, expected: 'at least 8 characters', secret: true },
  ),
  syslogZone: timeZone(
    'SYSLOG_TIME_ZONE',
    'Time zone of syslog messages that do not name theirs (RFC 3164), such as Europe/Kyiv',
  ),
}

export const listenerSettings = {
  ports: { ...plainPorts, ...tlsPorts },
  ...otherSettings,
  limits: limitSettings,
}

/** Those of an empty environment. */
export const LISTENER_LIMITS = readSettings(limitSettings, {})

export type ListenerLimits = SettingsOf<typeof limitSettings>
export type ListenerPort = keyof (typeof listenerSettings)['ports']

export interface ListenerSettings extends SettingsOf<typeof otherSettings> {
  /** Undefined: closed. */
  readonly ports: Readonly<Partial<Record<ListenerPort, number | undefined>>>
  readonly limits: ListenerLimits
}

function timeZone(variable: string, description: string): Setting<string> {
  return {
    ...text(variable, 'UTC', description),
    parse: (name) => {
      try {
        createTimeZone(name)
      } catch {
        throw new Error('the name of a time zone')
      }
      return name
    },
  }
}
