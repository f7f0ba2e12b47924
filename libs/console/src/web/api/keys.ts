import type { AccessKey, AccessKeys, IssuedKey, KeyInput } from '@runnel/contracts/api/access-key'
import type { KeyUsage, KeyUsages } from '@runnel/contracts/api/key-usage'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { AccessKey, IssuedKey, KeyInput, KeyUsage }

const KEYS = '/api/v1/keys'

export function getKeys(signal: AbortSignal): Promise<Answer<AccessKeys>> {
  return getJson(KEYS, {}, signal)
}

export function getKeyUsage(minutes: number, signal: AbortSignal): Promise<Answer<KeyUsages>> {
  return getJson(`${KEYS}/usage`, { minutes }, signal)
}

export function createKey(input: KeyInput): Promise<IssuedKey> {
  return sendJson('POST', KEYS, input)
}

export function rotateKey(id: string, overlapSeconds: number): Promise<IssuedKey> {
  return sendJson('POST', `${KEYS}/${id}/rotate`, { overlapSeconds })
}

export function revokeKey(id: string): Promise<AccessKey> {
  return sendJson('POST', `${KEYS}/${id}/revoke`, {})
}
