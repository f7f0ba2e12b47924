import { readSettings, warnOfOldNames } from '@runnel/runtime'
import { settings } from '../config.ts'
import type { CliContext } from './cli-context.ts'

const { variable, fallback } = settings.ingestUrl

export const URL_HELP = `base URL of ingest-api (default: ${variable}, or ${fallback})`

/**
 * Where commands send to, by the same setting as the stream of the service.
 *
 * @throws ConfigError for an invalid URL
 */
export function readIngestUrl({ env, err }: CliContext): string {
  const table = { url: settings.ingestUrl }
  warnOfOldNames({ warn: (_, message) => err.write(`warning: ${message}\n`) }, table, env)
  return readSettings(table, env).url
}

/** @returns how commands prove who sends: by the key of INGEST_API_KEY, where there is one */
export function createKeySign({ env }: CliContext): () => Record<string, string> {
  const { key } = readSettings({ key: settings.ingestKey }, env)
  return () => (key === '' ? {} : { authorization: `Bearer ${key}` })
}
