import type { Kind } from '@runnel/contracts'
import { EncodedEvents } from '@runnel/messaging'
import type { RejectedItem } from './wire-format.ts'

/** What became of a body. */
export interface Admission {
  readonly admitted: AdmittedEvents
  /** Of all admitted events, or of each. */
  readonly admittedKinds: Kind | readonly Kind[]
  readonly rejected: readonly RejectedItem[]
  /** Of all rejected items, or of each. */
  readonly rejectedKinds: Kind | readonly Kind[]
}

/** An event that may go to the broker, by its names. */
export interface AdmittedEvent {
  /** The client's number of its item: as a rule its place in the body. */
  readonly index: number
  readonly id: string
}

/** Events that may go to the broker, in the order of their body. */
export interface AdmittedEvents {
  readonly length: number
  /** The client's number of each one's item. */
  readonly indexes: readonly number[]
  /** As an envelope holds them. */
  readonly encoded: readonly string[] | EncodedEvents
  names(): AdmittedEvent[]
}

/** Events as an envelope holds them. */
export function textsOf({ encoded }: AdmittedEvents): readonly string[] {
  return encoded instanceof EncodedEvents ? encoded.texts() : encoded
}

/** @param encoded as an envelope holds it */
export function oneAdmitted(id: string, encoded: string): AdmittedEvents {
  return { length: 1, indexes: [0], encoded: [encoded], names: () => [{ index: 0, id }] }
}

/** Grows, event by event. */
export class AdmittedBatch implements AdmittedEvents {
  readonly indexes: number[] = []
  readonly encoded: EncodedEvents
  #names: AdmittedEvent[] | undefined

  /** @param sizeHint bytes that they will come to, more or less */
  constructor(sizeHint: number) {
    this.encoded = new EncodedEvents(sizeHint)
  }

  get length(): number {
    return this.indexes.length
  }

  /** To be called before they are handed over for the first time: they are remembered, while the bytes are not. */
  names(): AdmittedEvent[] {
    return (this.#names ??= this.#readNames())
  }

  #readNames(): AdmittedEvent[] {
    return this.indexes.map((index, i) => ({ index, id: this.encoded.idAt(i) }))
  }
}
