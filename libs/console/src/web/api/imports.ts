import type {
  ClientImport,
  ImportError,
  ImportReport,
  ImportWithErrors,
} from '@runnel/contracts/api/client-import'
import type { Page } from '@runnel/contracts/api/page'
import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'

export type { ClientImport, ImportError, ImportReport, ImportWithErrors }

export const IMPORT_URL = '/api/v1/clients/import'

const IMPORTS = '/api/v1/clients/imports'

/** The refused lines of an import as a file. */
export function refusedLinesUrl(id: number): string {
  return `${IMPORTS}/${id}/refused`
}

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
