import { httpUrl } from '@runnel/producer-sim/cli'
import { InvalidArgumentError } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { usageError } from '../cli-error.ts'
import { DEFAULT_URL, type ConnectionOptions } from '../options/connection-options.ts'
import { readKey } from './read-key.ts'

/** Where Runnel is, and how it is asked. */
export interface Target {
  /** Of query-api, without a slash at its end. */
  readonly url: string
  readonly key: string | undefined
  readonly timeoutMs: number
}

/** @throws CliError */
export function readTarget(options: ConnectionOptions, context: CliContext): Target {
  const url = options.url ?? readUrl(context.env['RUNNEL_URL'])
  return { url: url.replace(/\/+$/, ''), key: readKey(options, context), timeoutMs: options.timeout }
}

function readUrl(text: string | undefined): string {
  if (!text) return DEFAULT_URL
  try {
    return httpUrl(text)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw usageError(`RUNNEL_URL is not valid: ${error.message}`)
  }
}
