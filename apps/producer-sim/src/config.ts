import { choice, integer, readSettings, serviceSettings, url, type SettingsOf } from '@runnel/runtime'
import { gatewaySettings } from './gateway/settings.ts'
import { decimal, kindWeights } from './setting-types.ts'
import { MAX_BATCH, MAX_RATE, MIN_RATE, type StreamOptions } from './stream/stream-options.ts'

/** Everything this app reads from the environment. */
export const settings = {
  ...serviceSettings(8083),
  INGEST_URL: url('http://127.0.0.1:8080', 'ingest-api, to which the stream goes', ['http', 'https']),
  STREAM_AUTOSTART: choice('false', 'true: the stream runs from the start, else when asked to', [
    'true',
    'false',
  ]),
  STREAM_RATE: decimal(5, 'Events of the stream per second', { min: MIN_RATE, max: MAX_RATE }),
  STREAM_KINDS: kindWeights('metrics=6,logs=3,products=1', 'Kinds of the stream with their weights'),
  STREAM_SEED: integer(1, 'Decides on every event of the stream'),
  STREAM_BATCH: integer(1, 'Events of the stream in one request', { min: 1, max: MAX_BATCH }),
  STREAM_MAX_OUTSTANDING: integer(16, 'Requests of the stream that may be unanswered at a time', {
    min: 1,
    max: 256,
  }),
  ...gatewaySettings,
}

export type Config = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readSettings(settings, env)
}

/** The part of the settings that is about the stream. */
export function streamOptions(config: Config): StreamOptions {
  return {
    settings: {
      ratePerSecond: config.STREAM_RATE,
      kinds: config.STREAM_KINDS,
      seed: config.STREAM_SEED,
      batch: config.STREAM_BATCH,
    },
    autostart: config.STREAM_AUTOSTART === 'true',
    maxOutstanding: config.STREAM_MAX_OUTSTANDING,
  }
}
