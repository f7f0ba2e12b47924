import { settings as consumer } from '@runnel/consumer'
import { APP_NAMES, APPS, FAKE_GATEWAY, portVariable, type AppName } from '@runnel/contracts/apps'
import { settings as ingest } from '@runnel/ingest-api'
import { settings as dispatcher } from '@runnel/message-dispatcher'
import { settings as simulator } from '@runnel/producer-sim'
import { settings as query } from '@runnel/query-api'
import {
  ConfigError,
  integer,
  port,
  readSettings,
  serviceSettings,
  streamSettings,
  text,
  type Environment,
  type Setting,
  type SettingsOf,
} from '@runnel/runtime'
import { findUnusedSettings } from './find-unused-settings.ts'

/** Its apps ask each other on this machine alone: TLS is for a proxy in front of it. */
const { port: _port, tls: _tls, ...serviceOptions } = serviceSettings('query-api')
const { maxBytes, ...otherStreamSettings } = streamSettings
const { queryApiUrl: _queryApiUrl, ...alerts } = dispatcher.notifications.alerts
/** TLS is for a proxy in front of it. */
const { syslogTls: _syslogTls, fluentTls: _fluentTls, ...listenerPorts } = ingest.listeners.ports
const { port: gatewayPort, ...fakeGateway } = simulator.gateway

const appPorts = Object.fromEntries(
  APP_NAMES.map((app) => [app, port(portVariable(app), APPS[app].port, `TCP port of ${app}`)]),
) as Record<AppName, Setting<number>>

const MB = 1024 ** 2

/** Messages are memory of this process here, and what waits for longer than STORED_WAIT_MS was answered 503. */
const STREAM_BYTES = String(64 * MB)

/** Every setting of every app that has a meaning in one process without servers; a few defaults differ. */
export const settings = {
  ...serviceOptions,
  logLevel: withFallback(serviceOptions.logLevel, 'warn'),
  dataDir: text('RUNNEL_DATA_DIR', '.runnel', 'Folder of the data of npm start'),
  disk: {
    reserveBytes: integer(
      'STORAGE_RESERVE_BYTES',
      24 * MB,
      'Bytes of the disk that npm start leaves free: below, it reads and takes nothing new',
      { min: 8 * MB },
    ),
    ballastBytes: integer(
      'STORAGE_BALLAST_BYTES',
      32 * MB,
      'Size of the file that npm start gives up on a full disk, so that it can recover and tidy up',
    ),
  },
  /** By names of their own alone: PORT would be the same one for all. */
  ports: { ...appPorts, [FAKE_GATEWAY.name]: gatewayPort },
  streams: {
    ...otherStreamSettings,
    maxBytes: {
      metrics: withFallback(maxBytes.metrics, STREAM_BYTES),
      logs: withFallback(maxBytes.logs, STREAM_BYTES),
      products: withFallback(maxBytes.products, STREAM_BYTES),
      traces: withFallback(maxBytes.traces, STREAM_BYTES),
    },
  },
  ingest: {
    formats: ingest.formats,
    limits: ingest.limits,
    listeners: { ...ingest.listeners, ports: listenerPorts },
    pageBytes: ingest.pageBytes,
    storedWaitMs: ingest.storedWaitMs,
    publishing: ingest.publishing,
  },
  consumer: {
    batches: {
      ...consumer.batches,
      // Requests wait for their batch here, and there is one connection.
      limits: {
        ...consumer.batches.limits,
        lingerMs: withFallback(consumer.batches.limits.lingerMs, '1'),
      },
      concurrency: withFallback(consumer.batches.concurrency, '1'),
    },
    maintenance: consumer.maintenance,
  },
  query: {
    limits: query.limits,
    forwardTimeoutMs: query.forwardTimeoutMs,
    ingestPublicUrl: query.ingestPublicUrl,
    cache: query.cache,
    people: query.people,
  },
  dispatcher: {
    clients: dispatcher.clients,
    keys: { staleMs: dispatcher.keys.staleMs, max: dispatcher.keys.max },
    dashboards: dispatcher.dashboards,
    schedule: dispatcher.schedule,
    notifications: { ...dispatcher.notifications, alerts },
    pageBytes: dispatcher.pageBytes,
    sending: {
      ...dispatcher.sending,
      gateway: { ...dispatcher.sending.gateway, url: optional(dispatcher.sending.gateway.url) },
    },
  },
  simulator: { stream: simulator.stream, gateway: fakeGateway },
}

export type StandaloneConfig = SettingsOf<typeof settings>

/** What has a port of its own. */
export type Listening = keyof StandaloneConfig['ports']

/**
 * @throws ConfigError that names every problem, settings of other modes among them: none is ignored in silence
 */
export function loadConfig(env: Environment): StandaloneConfig {
  const { refused } = findUnusedSettings(settings, env)
  try {
    const config = readSettings(settings, env)
    if (refused.length > 0) throw new ConfigError(refused)
    return config
  } catch (error) {
    if (!(error instanceof ConfigError) || refused.length === 0) throw error
    throw new ConfigError([...new Set([...error.problems, ...refused])])
  }
}

/** Undefined while it is not set. */
function optional<T>(setting: Setting<T>): Setting<T | undefined> {
  return { ...setting, fallback: '', parse: (text) => (text === '' ? undefined : setting.parse(text)) }
}

function withFallback<T>(setting: Setting<T>, fallback: string): Setting<T> {
  return { ...setting, fallback }
}
