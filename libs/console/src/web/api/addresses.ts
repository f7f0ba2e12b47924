import type { Addresses } from '@runnel/contracts/api/addresses'
import { getJson, type Answer } from './get-json.ts'

/** Where a reader of the console reaches the other apps. */
export function getAddresses(signal: AbortSignal): Promise<Answer<Addresses>> {
  return getJson('/api/v1/addresses', {}, signal)
}
