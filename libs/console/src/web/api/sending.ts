import type { ResumedSending } from '@runnel/contracts/api/sending'
import { sendJson } from './send-json.ts'

/** Ends a pause of the gateway, or the wait for the next probe. */
export function resumeSending(): Promise<ResumedSending> {
  return sendJson('POST', '/api/v1/sending/resume')
}
