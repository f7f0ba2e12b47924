import type { Operations } from '@runnel/contracts/api/operations'
import { getJson, type Answer } from './get-json.ts'

export type { ApiOperation, AppOperations, OperationParameter } from '@runnel/contracts/api/operations'

/** What every app offers over HTTP. */
export function getOperations(signal: AbortSignal): Promise<Answer<Operations>> {
  return getJson('/api/v1/operations', {}, signal)
}
