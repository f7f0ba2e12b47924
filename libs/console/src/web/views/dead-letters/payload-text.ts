import { parseJson } from '../../api/parse-json.ts'
import type { DeadLetter } from '../../api/dead-letters.ts'

/** How a payload is shown. */
const PAYLOAD_FORMS = ['pretty', 'raw', 'hex'] as const

export type PayloadForm = (typeof PAYLOAD_FORMS)[number]

/** Bytes that are shown as hex; more would be slow, and of no use. */
const MAX_HEX_BYTES = 64 * 1024
const MAX_TEXT = 500_000

/** The forms that a payload has: what is no text has no other than hex, what is no JSON cannot be made pretty. */
export function payloadForms({ payload, payloadEncoding }: DeadLetter): readonly PayloadForm[] {
  if (payloadEncoding === 'base64') return ['hex']
  return prettyJson(payload) === undefined ? ['raw', 'hex'] : PAYLOAD_FORMS
}

/** A payload in one of its forms. */
export function payloadText(letter: DeadLetter, form: PayloadForm): string {
  if (form === 'hex') return hexDump(payloadBytes(letter))
  const text = wholePayload(letter, form)
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}\n…`
}

/** All of a payload that is text. */
export function wholePayload({ payload }: DeadLetter, form: Exclude<PayloadForm, 'hex'>): string {
  return form === 'pretty' ? (prettyJson(payload) ?? payload) : payload
}

/** Whether a person can mend it: the text of one event. */
export function isEditable({ payload, payloadEncoding, form }: DeadLetter): boolean {
  return payloadEncoding === 'utf8' && payload.length <= MAX_TEXT && form !== 'entry' && form !== 'envelope'
}

/** A payload as it arrived. */
export function payloadBytes({ payload, payloadEncoding }: DeadLetter): Uint8Array {
  if (payloadEncoding !== 'base64') return new TextEncoder().encode(payload)
  return Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))
}

function prettyJson(text: string): string | undefined {
  try {
    return JSON.stringify(parseJson(text), null, 2)
  } catch {
    return undefined
  }
}

/** As many as fit beside the list. */
const ROW_BYTES = 8

/** `00000000  48 65 6c 6c 6f …  |Hello|`, eight bytes to a line. */
export function hexDump(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, MAX_HEX_BYTES)
  const lines = Array.from({ length: Math.ceil(shown.length / ROW_BYTES) }, (_, row) => hexLine(shown, row))
  if (shown.length < bytes.length) lines.push(`… and ${bytes.length - shown.length} bytes more`)
  return lines.join('\n')
}

function hexLine(bytes: Uint8Array, row: number): string {
  const at = row * ROW_BYTES
  const part = [...bytes.subarray(at, at + ROW_BYTES)]
  const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const text = part.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
  return `${at.toString(16).padStart(8, '0')}  ${hex.padEnd(ROW_BYTES * 3 - 1)}  |${text}|`
}
