import { MAX_STREAM_BATCH, MAX_STREAM_RATE, MIN_STREAM_RATE } from '@runnel/contracts/api/event-stream'
import {
  appUrl,
  databaseConnectionSettings,
  flag,
  forApp,
  integer,
  keySettings,
  readSettings,
  serviceSettings,
  text,
  type Environment,
  type SettingsOf,
} from '@runnel/runtime'
import { gatewaySettings } from './gateway/settings.ts'
import { decimal, kindWeights } from './setting-types.ts'

/** Everything this app reads from the environment. */
export const settings = forApp('producer-sim', {
  ...serviceSettings('producer-sim'),
  /** Where API keys are looked up; only AUTH=keys connects to it. */
  database: databaseConnectionSettings,
  keys: { staleMs: keySettings.staleMs },
  ingestUrl: appUrl('ingest-api'),
  ingestKey: text(
    'INGEST_API_KEY',
    '',
    'API key that the commands load and replay send to ingest-api; empty: none',
    { pattern: /^[\x21-\x7e]{0,1024}$/, expected: 'an API key', secret: true },
  ),
  stream: {
    autostart: flag(
      'STREAM_AUTOSTART',
      false,
      'Whether the stream runs from the start, or waits to be started',
    ),
    settings: {
      ratePerSecond: decimal('STREAM_RATE', 5, 'Events of the stream per second', {
        min: MIN_STREAM_RATE,
        max: MAX_STREAM_RATE,
      }),
      kinds: kindWeights(
        'STREAM_KINDS',
        'metrics=6,logs=3,products=1,traces=3',
        'Kinds of the stream with their weights',
      ),
      seed: integer('STREAM_SEED', 1, 'Seed of the events: the same seed makes the same stream'),
      batch: integer('STREAM_BATCH', 1, 'Events of the stream in one request', {
        min: 1,
        max: MAX_STREAM_BATCH,
      }),
    },
    maxOutstanding: integer(
      'STREAM_MAX_OUTSTANDING',
      16,
      'Requests of the stream that may be unanswered at a time',
      { min: 1, max: 256 },
    ),
  },
  gateway: gatewaySettings,
})

export type Config = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Environment): Config {
  return readSettings(settings, env)
}
