import { MAX_INDEXED_TEXT_BYTES } from '@runnel/contracts'
import { endOfPlainJson, type MemberJudge } from '@runnel/json'
import { isMember, OWN_KEY } from './is-member.ts'

/** Members that the schema has a limit for: what is written in fewer bytes is no longer than that. */
const LIMITED = ['level', 'service'].map((name) => Buffer.from(name))

/** @returns the index behind a log that fits its schema and has no key of its own; see endOfPlainJson */
export function endOfPlainLog(bytes: Uint8Array, from: number): number {
  return endOfPlainJson(bytes, from, isPlainMember)
}

const isPlainMember: MemberJudge = (bytes, nameFrom, nameTo, valueFrom, valueTo) => {
  if (isMember(bytes, nameFrom, nameTo, OWN_KEY)) return false
  if (valueTo - valueFrom <= MAX_INDEXED_TEXT_BYTES) return true
  return !LIMITED.some((name) => isMember(bytes, nameFrom, nameTo, name))
}
