import { httpUrl, secondsOption } from '@runnel/producer-sim/cli'
import { Option, type Command } from 'commander'

/** How a command reaches Runnel, as it was written. */
export interface ConnectionOptions {
  readonly url?: string
  readonly key?: string
  readonly keyFile?: string
  /** Milliseconds. */
  readonly timeout: number
  readonly json?: boolean
}

export const DEFAULT_URL = 'http://localhost:8000'
const TIMEOUT_MS = 30_000

/** Adds what every command has that asks a running Runnel. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option(
      '--url <url>',
      `query-api, which knows the other apps (default: RUNNEL_URL, or ${DEFAULT_URL})`,
      httpUrl,
    )
    .option('--key-file <file>', 'file that holds the API key (default: RUNNEL_API_KEY_FILE)')
    .addOption(
      new Option('--key <key>', 'API key (default: RUNNEL_API_KEY, where shells do not remember it)'),
    )
    .addOption(secondsOption('--timeout <s>', 'seconds that one request may take', TIMEOUT_MS))
    .option('--json', 'results as JSON, one value a line; errors too')
}
