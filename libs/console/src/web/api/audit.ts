import type { AuditEntry } from '@runnel/contracts/api/audit'
import type { Page } from '@runnel/contracts/api/page'
import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'

export type { AuditEntry }

export function getAudit(params: Params, signal: AbortSignal): Promise<Answer<Page<AuditEntry>>> {
  return getJson('/api/v1/audit', params, signal)
}
