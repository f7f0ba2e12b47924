import { httpUrl } from '@runnel/producer-sim/cli'
import { InvalidArgumentError, type Command } from 'commander'
import type { CliContext } from '../../cli-context.ts'
import { usageError } from '../../cli-error.ts'
import type { Connection } from '../../connection/connect.ts'
import { requireData } from '../../connection/problem.ts'

export interface IngestOptions {
  readonly ingestUrl?: string
}

/** Adds the option that says where events go. */
export function addIngestOption(command: Command): Command {
  return command.option(
    '--ingest-url <url>',
    'ingest-api, which takes events (default: RUNNEL_INGEST_URL, or what query-api says)',
    httpUrl,
  )
}

/** @returns where ingest-api is: as it was given, or as query-api knows it @throws CliError */
export async function findIngest(
  { ingestUrl }: IngestOptions,
  { query }: Connection,
  { env }: CliContext,
): Promise<string> {
  if (ingestUrl !== undefined) return ingestUrl
  const set = env['RUNNEL_INGEST_URL']
  if (!set) return requireData(await query.GET('/api/v1/addresses')).ingest
  try {
    return httpUrl(set)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw usageError(`RUNNEL_INGEST_URL is not valid: ${error.message}`)
  }
}
