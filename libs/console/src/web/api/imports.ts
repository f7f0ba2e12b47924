import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'
import type { Page } from './mailings.ts'

export interface ImportCounts {
  /** Lines by now: the sum of the others. */
  readonly rows: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
}

export interface ClientImport extends ImportCounts {
  readonly id: number
  readonly status: string
  readonly format: string
  readonly actor: string
  /** Why it was aborted: a code. */
  readonly reason: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
}

/** A line that was refused. */
export interface RowError {
  readonly line: number
  readonly field: string | null
  readonly code: string
  readonly message: string
}

export interface ImportWithErrors extends ClientImport {
  readonly errors: Page<RowError>
}

/** What the upload of a file answers. */
export interface ImportReport extends ImportCounts {
  readonly id: number
  readonly status: string
}

export const IMPORT_URL = '/api/v1/clients/import'

const IMPORTS = '/api/v1/clients/imports'

export function getImports(params: Params, signal: AbortSignal): Promise<Answer<Page<ClientImport>>> {
  return getJson(IMPORTS, params, signal)
}

export function getImport(
  id: string,
  params: Params,
  signal: AbortSignal,
): Promise<Answer<ImportWithErrors>> {
  return getJson(`${IMPORTS}/${encodeURIComponent(id)}`, params, signal)
}
