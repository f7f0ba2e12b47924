import { AppError } from '@runnel/contracts'
import { readJson, requireDepth } from '@runnel/json'
import { isUtf8 } from 'node:buffer'
import type { CloudData } from './cloud-event.ts'

/** JSON by its name, or by the end of another one. */
const JSON_TYPE = /^(?:application|text)\/(?:[^;]*\+)?json\s*(?:;|$)/i

const TEXT_TYPE = /^(?:text\/|application\/(?:[^;]*\+)?(?:xml|yaml|javascript)\s*(?:;|$))/i

/** Without a type data are JSON, as the specification has it. */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType === undefined || JSON_TYPE.test(contentType)
}

/**
 * Data that came as bytes.
 *
 * @throws AppError bad_json | bad_encoding where the bytes are not what their type says, too_deep
 */
export function readData(bytes: Buffer, contentType: string | undefined): CloudData {
  if (bytes.length === 0) return { form: 'none' }
  const isText = isUtf8(bytes)
  if (isJsonType(contentType)) {
    if (!isText) throw new AppError('bad_encoding', 'The data are not valid UTF-8', { expected: 'UTF-8' })
    const value = readJson(bytes.toString('utf8'))
    requireDepth(value)
    return value === null ? { form: 'none' } : { form: 'json', value }
  }
  if (isText && TEXT_TYPE.test(contentType!)) return { form: 'text', text: bytes.toString('utf8') }
  return { form: 'bytes', base64: bytes.toString('base64') }
}
