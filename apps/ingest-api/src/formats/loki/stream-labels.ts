import type { JsonObject } from '@runnel/contracts'
import { firstIndexedText } from '../shared/indexed-text.ts'
import { toPiece } from '../shared/byte-writer.ts'
import { LEVEL_NAMES, SERVICE_NAMES } from './column-names.ts'

/** The labels of a stream, all of which are texts: what its entries share is found out once. */
export interface StreamLabels {
  readonly object: JsonObject
  /** Its members as JSON. */
  readonly json: string
  /** The JSON of each. */
  readonly values: ReadonlyMap<string, string>
  /** JSON of what is said by labels and goes before what a line says; undefined where none says it. */
  readonly level: string | undefined
  readonly service: string | undefined
  /** The same in bytes, level and service as members with commas behind them. */
  readonly pieces: LabelPieces
}

interface LabelPieces {
  readonly json: Uint8Array
  readonly level: Uint8Array
  readonly service: Uint8Array
}

/** Sets that are remembered: a push has few, and one with many is no slower than without. */
const MAX_KNOWN = 500

/** Of those, as many are compared with the bytes one by one, which takes a third of making a text of them. */
const MAX_COMPARED = 8

/** Sets of labels by their text: most clients send a stream for each line, and each time the same few sets. */
export class KnownLabels {
  readonly #known = new Map<string, StreamLabels | undefined>()
  readonly #compared: { readonly bytes: Uint8Array; readonly labels: StreamLabels }[] = []

  /** @returns the set that stands there, with the bytes that it takes; undefined where it has yet to be read */
  find(
    bytes: Uint8Array,
    from: number,
  ): { readonly bytes: Uint8Array; readonly labels: StreamLabels } | undefined {
    // As long as one of them, and the same: an object ends by itself.
    return this.#compared.find((known) => standsAt(bytes, from, known.bytes))
  }

  /**
   * @param text JSON, without escapes
   * @returns undefined where it is not as JSON.stringify would write it
   */
  read(text: string): StreamLabels | undefined {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    const labels = readLabels(text)
    this.#known.set(text, labels)
    if (labels !== undefined && this.#compared.length < MAX_COMPARED)
      this.#compared.push({ bytes: toPiece(text), labels })
    return labels
  }
}

function standsAt(bytes: Uint8Array, from: number, piece: Uint8Array): boolean {
  if (from + piece.length > bytes.length) return false
  for (let i = 0; i < piece.length; i++) if (bytes[from + i] !== piece[i]) return false
  return true
}

function readLabels(text: string): StreamLabels | undefined {
  const object = tryParse(text)
  // Names that are there twice or that an object has in another order show.
  if (object === undefined || JSON.stringify(object) !== text) return undefined
  const level = firstIndexedText(object, LEVEL_NAMES)
  const service = firstIndexedText(object, SERVICE_NAMES)
  const json = text.slice(1, -1)
  return {
    object,
    json,
    values: new Map(Object.entries(object).map(([name, value]) => [name, JSON.stringify(value)])),
    level: level === undefined ? undefined : JSON.stringify(level),
    service: service === undefined ? undefined : JSON.stringify(service),
    pieces: {
      json: toPiece(json),
      level: toPiece(memberText('level', level)),
      service: toPiece(memberText('service', service)),
    },
  }
}

/** @returns a member of an object with a comma behind it; empty where there is no value */
export function memberText(name: 'level' | 'service', value: string | null | undefined): string {
  return value === undefined || value === null ? '' : `"${name}":${JSON.stringify(value)},`
}

function tryParse(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}
